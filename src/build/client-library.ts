/** The client library without what the site does not use: most of it. */

import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

/** Parts of the client library that are replaced at build, by the name it imports them with. */
const standInFiles = [
  // Half of its bytes, and nearly all of its time.
  ['./BigInteger', 'big-integer'],
  ['buffer', 'buffer'],
  ['@aws-crypto/sha256-js', 'sha256'],
  // It looks for Node's source of random numbers.
  ['./utils/WordArray', 'word-array'],
] as const

export const standIns = standInFiles.map(([find, file]) => ({
  find,
  replacement: fileURLToPath(new URL(`../site/auth/shims/${file}.ts`, import.meta.url)),
}))

/** What nobody here calls: most is for devices that a pool remembers, which this site does not have. */
const unused = [
  'generateHashDevice',
  'generateRandomString',
  'getNewPasswordRequiredChallengeUserAttributePrefix',
  'getRandomPassword',
  'getSaltDevices',
  'getSmallAValue',
  'getVerifierDevices',
]

/** Methods sit on a prototype, where no bundler can tell which are used. */
export function libraryWithoutUnusedMethods(): Plugin {
  return {
    name: 'wild-rydes-library-without-unused-methods',
    transform: {
      filter: { id: /\/amazon-cognito-identity-js\/es\/AuthenticationHelper\.js$/ },
      handler(code) {
        return unused.reduce((rest, method) => {
          const source = new RegExp(`^ {2}_proto\\.${method} = function [^]*?^ {2}\\}`, 'm')
          if (!source.test(rest))
            this.error(`the client library has no ${method} any more: look anew.`)
          return rest.replace(source, '')
        }, code)
      },
    },
  }
}
