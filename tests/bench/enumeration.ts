/** Whether time tells who exists: known and unknown names in turn, each asked for once. */

import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toTemplateText } from '../support/template-text.ts'
import {
  ClientId,
  namespace,
  type PoolServer,
  signInBySrp,
  startPoolServer,
} from './pool-server.ts'
import { relyingPartyId, seedFolder, toSeededName } from './seeded-folder.ts'
import { createSrpClient } from './srp-client.ts'
import { compareRanks, quantile } from './statistics.ts'

/** names of each kind */
const tries = 400
const warmUp = 50

export async function measureEnumeration(): Promise<void> {
  const folder = seedFolder(tries + warmUp, { passkeys: true })
  const pool = await startPoolServer(folder, writeTemplate(folder))
  try {
    const lines = [
      await compare('wrong password by SRP', (username) => failToSignIn(pool, username)),
      await compare('forgotten password', (username) => forgetPassword(pool, username)),
      ...(await compareUserAuth(pool)),
    ]
    process.stdout.write(
      `Known and unknown names, ${tries} of each in turn, median ms (rank test p):\n${lines.join('\n')}\n`,
    )
  } finally {
    await pool.stop()
    rmSync(folder, { recursive: true })
  }
}

/** A pool with every flow of the site, as its template can be set. */
function writeTemplate(folder: string): string {
  const path = join(folder, 'template.json')
  const text = toTemplateText({
    pool: {
      UsernameAttributes: ['email'],
      UsernameConfiguration: { CaseSensitive: false },
      AutoVerifiedAttributes: ['email'],
      MfaConfiguration: 'OPTIONAL',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
      Policies: {
        SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'WEB_AUTHN'] },
      },
      WebAuthnRelyingPartyID: relyingPartyId,
    },
    client: {
      PreventUserExistenceErrors: 'ENABLED',
      ExplicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_USER_SRP_AUTH'],
    },
  })
  writeFileSync(path, text)
  return path
}

/** Each preference of choice-based sign-in. */
async function compareUserAuth(pool: PoolServer): Promise<readonly string[]> {
  const { srpA } = createSrpClient(namespace)
  const preferences = [
    ['no preference', {}, 200],
    ['email code', { PREFERRED_CHALLENGE: 'EMAIL_OTP' }, 200],
    // Every second seeded user has a passkey, as every second unknown one seems to.
    ['passkey', { PREFERRED_CHALLENGE: 'WEB_AUTHN' }, 200],
    ['SRP', { PREFERRED_CHALLENGE: 'PASSWORD_SRP', SRP_A: srpA }, 200],
    ['wrong password', { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD: 'Wr0ng-Passw0rd!' }, 400],
  ] as const
  const lines: string[] = []
  for (const [what, parameters, expected] of preferences) {
    const act = async (USERNAME: string) => {
      const AuthParameters = { USERNAME, ...parameters }
      const body = { ClientId, AuthFlow: 'USER_AUTH', AuthParameters }
      const { status, ms } = await pool.call('InitiateAuth', body)
      if (status !== expected) throw new Error(`${what}: ${status}`)
      return ms
    }
    lines.push(await compare(`USER_AUTH, ${what}`, act))
  }
  return lines
}

async function compare(what: string, act: (username: string) => Promise<number>): Promise<string> {
  const known: number[] = []
  const unknown: number[] = []
  for (let index = 0; index < tries + warmUp; index += 1) {
    const name = toSeededName(index)
    const pair = [
      async () => known.push(await act(name)),
      async () => unknown.push(await act(name.replace('rider', 'ghost'))),
    ]
    for (const run of index % 2 === 0 ? pair : pair.toReversed()) await run()
  }
  const [one, other] = [known.slice(warmUp), unknown.slice(warmUp)]
  const medians = [quantile(one, 0.5), quantile(other, 0.5)] as const
  const difference = Math.abs(medians[0] / medians[1] - 1) * 100
  const [first, second] = medians.map((median) => median.toFixed(2))
  return `  ${what}: ${first} / ${second}, ${difference.toFixed(1)} % apart (p = ${compareRanks(one, other).toFixed(2)})`
}

async function failToSignIn(pool: PoolServer, username: string): Promise<number> {
  const { status, ms } = await signInBySrp(pool, { username, password: 'Wr0ng-Passw0rd!' })
  if (status !== 400) throw new Error('the wrong password was taken')
  return ms
}

async function forgetPassword({ call }: PoolServer, username: string): Promise<number> {
  const { status, ms } = await call('ForgotPassword', { ClientId, Username: username })
  if (status !== 200) throw new Error('the reset was refused')
  return ms
}
