/**
 * The shims that replace parts of the client library: compared with Node, with published test vectors and,
 * within the library, with the library as published.
 */

import { createHash, createHmac, randomBytes, randomInt } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientLibraryShims } from '../../../src/build/client-library.ts'
import BigInteger from '../../../src/site/auth/shims/big-integer.ts'
import { Buffer as SmallBuffer } from '../../../src/site/auth/shims/buffer.ts'
import { Sha256 } from '../../../src/site/auth/shims/sha256.ts'
import WordArray from '../../../src/site/auth/shims/word-array.ts'
import { root } from '../../repo/source-files.ts'
import { srpVectors } from '../../support/srp-vectors.ts'

describe('SHA-256 shim', () => {
  const digest = (data: string | Uint8Array, secret?: string | Uint8Array) => {
    const hash = new Sha256(secret)
    hash.update(data)
    return Buffer.from(hash.digestSync()).toString('hex')
  }

  // https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values
  test.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('SHA-256 of %j is the published value', (text, expected) => {
    expect(digest(text)).toBe(expected)
  })

  // RFC 4231, test cases 2 and 6.
  test.each([
    [
      'Jefe',
      'what do ya want for nothing?',
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    [
      new Uint8Array(131).fill(0xaa),
      'Test Using Larger Than Block-Size Key - Hash Key First',
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    ],
  ])('HMAC-SHA-256 of %j is the published value', (secret, text, expected) => {
    expect(digest(text, secret)).toBe(expected)
  })

  test('SHA-256 and HMAC equal those of Node for every length around a block', () => {
    for (let length = 0; length < 200; length += 1) {
      const data = randomBytes(length)
      const secret = randomBytes(randomInt(150))
      expect(digest(data)).toBe(createHash('sha256').update(data).digest('hex'))
      expect(digest(data, secret)).toBe(createHmac('sha256', secret).update(data).digest('hex'))
    }
  })

  test('SHA-256 takes its data in parts and text as UTF-8', () => {
    const hash = new Sha256()
    for (const part of ['Straße ', '🦄', '']) hash.update(part)
    expect(Buffer.from(hash.digestSync()).toString('hex')).toBe(
      createHash('sha256').update('Straße 🦄').digest('hex'),
    )
  })
})

describe('Buffer shim', () => {
  test.each(['', 'a', 'Straße 🦄', '\u0000\uffff'])(
    'Buffer.from(%j) equals that of Node',
    (text) => {
      const small = SmallBuffer.from(text)
      const large = Buffer.from(text)
      for (const encoding of ['utf8', 'hex', 'base64'] as const) {
        const written = large.toString(encoding)
        expect(small.toString(encoding)).toBe(written)
        expect([...SmallBuffer.from(written, encoding)]).toEqual([...large])
      }
    },
  )

  test('Buffer concatenates parts and reads base64url', () => {
    const parts = [randomBytes(3), randomBytes(0), randomBytes(70)]
    expect([...SmallBuffer.concat(parts)]).toEqual([...Buffer.concat(parts)])
    expect([...SmallBuffer.from('-_-_', 'base64')]).toEqual([...Buffer.from('-_-_', 'base64url')])
  })
})

test('random bytes shim: it returns the requested number of bytes in hexadecimal and every bit varies', () => {
  const draws = Array.from({ length: 100 }, () => new WordArray().random(128).toString())
  for (const draw of draws) expect(draw).toMatch(/^[0-9a-f]{256}$/)
  const values = draws.map((draw) => BigInt(`0x${draw}`))
  const every = (1n << 1024n) - 1n
  // The chance that any bit is the same in all of them is 1 in 2^89.
  expect(values.reduce((all, value) => all | value, 0n)).toBe(every)
  expect(values.reduce((all, value) => all & value, every)).toBe(0n)
})

describe('BigInteger shim', () => {
  const random = (bytes: number) => BigInt(`0x0${randomBytes(bytes).toString('hex')}`)
  const big = (value: bigint) => new BigInteger(value)

  /** By repeated multiplication. */
  function slowPower(base: bigint, exponent: bigint, modulus: bigint): bigint {
    let result = 1n
    for (const bit of exponent.toString(2)) {
      result = (result * result) % modulus
      if (bit === '1') result = (((result * base) % modulus) + modulus) % modulus
    }
    return result
  }

  test('BigInteger.modPow equals textbook modular exponentiation, also for negative bases', () => {
    for (let round = 0; round < 40; round += 1) {
      const [base, exponent, modulus] = [random(40) - random(40), random(round), random(32) + 2n]
      big(base).modPow(big(exponent), big(modulus), (error, power) => {
        expect(error).toBe(null)
        expect(power.toString(16)).toBe(slowPower(base, exponent, modulus).toString(16))
      })
    }
  })

  test('BigInteger adds, subtracts, multiplies, compares and prints', () => {
    for (let round = 0; round < 40; round += 1) {
      const [a, b] = [random(30) - random(30), random(30) - random(30)]
      expect(big(a).add(big(b)).toString(10)).toBe(String(a + b))
      expect(big(a).subtract(big(b)).toString(10)).toBe(String(a - b))
      expect(big(a).multiply(big(b)).toString(10)).toBe(String(a * b))
      expect(big(a).abs().toString(10)).toBe(String(a < 0n ? -a : a))
      expect(Math.sign(big(a).compareTo(big(b)))).toBe(a < b ? -1 : Number(a > b))
      expect(big(a).equals(big(a))).toBe(true)
      expect(new BigInteger('00ff', 16).toString(10)).toBe('255')
    }
  })

  test('BigInteger.mod is never negative', () => {
    expect(big(-7n).mod(big(5n)).toString(10)).toBe('3')
    expect(big(-10n).mod(big(5n)).equals(BigInteger.ZERO)).toBe(true)
  })
})

/** The client side of an SRP exchange with a given secret. */
interface Helper {
  smallAValue: unknown
  largeAValue: { toString(radix: number): string }
  calculateA(a: unknown, callback: (error: unknown, A: Helper['largeAValue']) => void): void
  getPasswordAuthenticationKey(
    username: string,
    password: string,
    serverBValue: unknown,
    salt: unknown,
    callback: (error: unknown, key: Uint8Array) => void,
  ): void
}

interface Library {
  readonly AuthenticationHelper: new (poolName: string) => Helper
  readonly BigInteger: new (digits: string, radix: number) => unknown
}

interface Exchange {
  readonly poolName: string
  readonly username: string
  readonly password: string
  readonly a: string
  readonly B: string
  readonly salt: string
}

function exchange({ AuthenticationHelper, BigInteger: Integer }: Library, sides: Exchange) {
  const helper = new AuthenticationHelper(sides.poolName)
  helper.smallAValue = new Integer(sides.a, 16)
  helper.calculateA(helper.smallAValue, (_, A) => {
    helper.largeAValue = A
  })
  let key = ''
  helper.getPasswordAuthenticationKey(
    sides.username,
    sides.password,
    new Integer(sides.B, 16),
    new Integer(sides.salt, 16),
    (_, bytes) => {
      key = Buffer.from(bytes).toString('hex')
    },
  )
  return { A: helper.largeAValue.toString(16), key }
}

describe('amazon-cognito-identity-js with all shims', () => {
  const outDir = mkdtempSync(join(tmpdir(), 'wild-rydes-library-'))
  afterAll(() => rmSync(outDir, { recursive: true }))
  let ours: Library
  let published: Library

  /** The library's SRP helper, built with the shims and without them. */
  async function buildLibrary(name: string, alias: typeof clientLibraryShims): Promise<Library> {
    const es = `${root}node_modules/amazon-cognito-identity-js/es`
    const integer = alias.find(({ find }) => find === './BigInteger')?.replacement
    const entry = join(outDir, `${name}.ts`)
    writeFileSync(
      entry,
      `import BigInteger from '${integer ?? `${es}/BigInteger.js`}'
       export { BigInteger }
       export { default as AuthenticationHelper } from '${es}/AuthenticationHelper.js'`,
    )
    await build({
      configFile: false,
      root,
      logLevel: 'silent',
      resolve: { alias: [...alias] },
      define: { global: 'globalThis' },
      build: {
        outDir,
        emptyOutDir: false,
        lib: { entry, formats: ['es'], fileName: () => `${name}.mjs` },
      },
    })
    return import(pathToFileURL(join(outDir, `${name}.mjs`)).href)
  }

  beforeAll(async () => {
    ours = await buildLibrary('ours', clientLibraryShims)
    published = await buildLibrary('published', [])
  })

  test.each(srpVectors)(
    'SRP test vector: the shims compute the published values of $name',
    ({ identity, password, ...vector }) => {
      const { A, key } = exchange(ours, {
        poolName: identity.namespace,
        username: identity.userId,
        password,
        a: vector.a,
        B: vector.B,
        salt: vector.saltHex,
      })
      expect(A).toBe(vector.A)
      expect(key).toBe(vector.hkdfKey16)
    },
  )

  test('SRP: A and the session key equal those of the published library', () => {
    const passwords = ['Unicorn-1234', 'Straße 🦄 ü', ' edge ', 'p'.repeat(256), 'é', 'é']
    for (const [index, password] of passwords.entries()) {
      for (const salt of [
        `00${randomBytes(15).toString('hex')}`,
        `ff${randomBytes(15).toString('hex')}`,
      ]) {
        const sides = {
          poolName: 'WildRydes',
          username: `rider-${index}@example.com`,
          password,
          a: randomBytes(128).toString('hex'),
          B: randomBytes(383).toString('hex'),
          salt,
        }
        expect(exchange(ours, sides)).toEqual(exchange(published, sides))
      }
    }
  })
})
