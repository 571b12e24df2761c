/** Long SRP test: two hundred users with random passwords, the published client library and the real server. */

import { expect, test } from 'vitest'
import { noLimits } from '../../src/local-cloud/user-pool/limits.ts'
import { createIdentityClient } from '../support/identity-client.ts'
import { startLocalCloud } from '../support/local-cloud-server.ts'
import {
  chooseSeeds,
  createSeededRandom,
  type SeededRandom,
} from '../support/reliability/seeded-random.ts'
import { signUpWithClient } from '../support/server-and-client.ts'

const alphabet = [...'abcXYZ0123456789!"#$%&()*+,-./:;<=>?@[]^_`{|}~äßéñçøλжשعगあ漢한🦄🔑']

/** A password of 8 to 32 characters, of all four classes and some in other scripts. */
function pickPassword(random: SeededRandom): readonly string[] {
  const middle = Array.from({ length: 4 + random.below(25) }, () => random.pick(alphabet))
  return ['a', 'B', ...middle, '3', '!']
}

test.each(chooseSeeds(1))(
  'SRP: two hundred users sign in, and none with one wrong character (seed %i)',
  async (seed) => {
    const random = createSeededRandom(seed)
    const server = await startLocalCloud({ limits: noLimits })
    const client = createIdentityClient(server.endpoint)
    const outcomes = { signedIn: 0, refused: 0 }
    const refusals = new Set<string>()
    for (let index = 0; index < 200; index += 1) {
      const characters = pickPassword(random)
      const credentials = { username: `rider-${index}@example.com`, password: characters.join('') }
      await signUpWithClient({ server, client }, credentials)

      const { session } = await client.signIn(credentials)
      if (session.isValid()) outcomes.signedIn += 1
      const at = random.below(characters.length)
      const wrong = characters.with(at, characters[at] === 'x' ? 'y' : 'x').join('')
      await client.signIn({ ...credentials, password: wrong }).catch((error: unknown) => {
        outcomes.refused += 1
        refusals.add(String(error))
      })
    }
    console.log(`${outcomes.signedIn} signed in, ${outcomes.refused} refused: ${[...refusals]}`)

    expect(outcomes).toEqual({ signedIn: 200, refused: 200 })
    expect([...refusals]).toEqual(['NotAuthorizedException: Incorrect username or password.'])
  },
)
