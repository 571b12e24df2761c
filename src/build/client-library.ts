/** The client library without what the site does not use: a quarter of it. */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

/** Parts of the client library that are replaced at build, by the name it imports them with. */
const standInFiles = [
  // Its clock is the device's; ours is the service's.
  ['./DateHelper', 'date-helper'],
  // Half of its bytes, and nearly all of its time.
  ['./BigInteger', 'big-integer'],
  ['buffer', 'buffer'],
  ['@aws-crypto/sha256-js', 'sha256'],
  // It looks for Node's.
  ['./cryptoSecureRandomInt', 'random-int'],
  // `auth/cognito.ts` gives it others.
  ['./Client', 'unused'],
  ['./StorageHelper', 'unused'],
] as const

export const standIns = standInFiles.map(([find, file]) => ({
  find,
  replacement: fileURLToPath(new URL(`../site/auth/library/${file}.ts`, import.meta.url)),
}))

/**
 * The client library keeps its methods on prototypes, where no bundler can tell which are used: those that
 * `auth/cognito.ts` does not come to are left out.
 */
export function libraryWithoutUnusedMethods(): Plugin {
  const files = ['CognitoUser', 'CognitoUserPool', 'AuthenticationHelper']
  // Ways the library is never sent: answers to the proof do not come to it, and there is one flow.
  const unreached = ['authenticateUserInternal', 'authenticateUserPlainUsernamePassword']
  const method = /^ {2}_proto\.(\w+) = (function [\s\S]*?^ {2}\});?$/gm
  const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
  const findUsed = () => {
    const sources = files.map((file) =>
      read(`node_modules/amazon-cognito-identity-js/es/${file}.js`),
    )
    const methods = sources.flatMap((source) => [...source.matchAll(method)])
    const used = new Set<string>()
    const use = (text: string) => {
      for (const [, name = ''] of text.matchAll(/\.(\w+)/g)) {
        if (used.has(name) || unreached.includes(name)) continue
        used.add(name)
        for (const [, owner, body = ''] of methods) if (owner === name) use(body)
      }
    }
    for (const source of sources) use(source.replaceAll(method, ''))
    use(read('src/site/auth/cognito.ts'))
    return used
  }
  return {
    name: 'wild-rydes-library-without-unused-methods',
    transform: {
      filter: { id: new RegExp(`/amazon-cognito-identity-js/es/(${files.join('|')})\\.js$`) },
      handler(code) {
        if (!code.match(method))
          this.error('the client library is written in another way: look anew.')
        const used = findUsed()
        return code.replaceAll(method, (whole, name: string) => (used.has(name) ? whole : ''))
      },
    },
  }
}
