/** PreTokenGeneration: claims, scopes and groups of the tokens, in both versions of its event. */

import { decodeJwt } from 'jose'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import type { UserPoolSettings } from '../../../src/local-cloud/user-pool/settings.ts'
import type { TriggerEvents } from '../../../src/local-cloud/user-pool/triggers/trigger-events.ts'
import { type ApiResponse, expectError, expectSuccess } from '../../support/cognito-api.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import { answerChallenge, requireChallenge, signInByPassword } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { recordTrigger } from '../../support/triggers.ts'
import {
  ClientId,
  createConfirmedUser,
  rider,
  startSessionFor,
  tokens,
} from '../../support/users.ts'

type PreTokenResponse = TriggerEvents['PreTokenGeneration']['response']

const explicitAuthFlows: UserPoolSettings['explicitAuthFlows'] = new Set([
  'ALLOW_USER_PASSWORD_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
])
const roleArn = 'arn:aws:iam::123456789012:role/riders'

const signedIn = v.object({ AuthenticationResult: tokens })

function readTokens({ body }: ApiResponse) {
  return v.parse(signedIn, body).AuthenticationResult
}

async function start(response: PreTokenResponse, overrides: Partial<UserPoolSettings> = {}) {
  const trigger = recordTrigger('PreTokenGeneration', () => response)
  const pool = await createTestPool(
    { explicitAuthFlows, rotationGraceSeconds: undefined, ...overrides },
    { triggers: { PreTokenGeneration: trigger.handler } },
  )
  await createConfirmedUser(pool)
  return { ...trigger, pool }
}

async function joinRiders(pool: TestPool): Promise<void> {
  const group = { GroupName: 'riders', RoleArn: roleArn }
  expectSuccess(await callWithIam(pool, 'CreateGroup', group))
  const member = { Username: rider.username, GroupName: 'riders' }
  expectSuccess(await callWithIam(pool, 'AdminAddUserToGroup', member))
}

async function signIn(pool: TestPool) {
  const { IdToken, AccessToken } = await startSessionFor(pool)
  return { id: decodeJwt(IdToken), access: decodeJwt(AccessToken), AccessToken }
}

describe('PreTokenGeneration, version 1', () => {
  test("PreTokenGeneration V1 gets Cognito's event, with the groups of the user", async () => {
    const { pool, events } = await start({})
    await joinRiders(pool)
    expectSuccess(await signInByPassword(pool))

    expect(events).toMatchObject([
      {
        version: '1',
        triggerSource: 'TokenGeneration_Authentication',
        userName: rider.username,
        request: {
          userAttributes: { 'cognito:user_status': 'CONFIRMED', email: rider.username },
          groupConfiguration: {
            groupsToOverride: ['riders'],
            iamRolesToOverride: [roleArn],
            preferredRole: roleArn,
          },
        },
        response: { claimsOverrideDetails: null },
      },
    ])
    expect(events[0]?.request).not.toHaveProperty('scopes')
  })

  test('PreTokenGeneration V1 adds, overrides and suppresses claims of the ID token alone', async () => {
    const { pool } = await start({
      claimsOverrideDetails: {
        claimsToAddOrOverride: { tier: 'gold', email: 'shown@example.com', both: 'x' },
        claimsToSuppress: ['email_verified', 'both'],
      },
    })
    const { id, access } = await signIn(pool)

    expect(id).toMatchObject({ tier: 'gold', email: 'shown@example.com' })
    expect(id).not.toHaveProperty('email_verified')
    expect(id).not.toHaveProperty('both')
    expect(access).not.toHaveProperty('tier')
  })

  test('PreTokenGeneration V1 replaces groups in both tokens, and roles in the ID token', async () => {
    const { pool } = await start({
      claimsOverrideDetails: {
        groupOverrideDetails: {
          groupsToOverride: ['a', 'b'],
          iamRolesToOverride: ['arn:aws:iam::123456789012:role/a'],
          preferredRole: 'arn:aws:iam::123456789012:role/a',
        },
      },
    })
    await joinRiders(pool)
    const { id, access } = await signIn(pool)

    expect(id).toMatchObject({
      'cognito:groups': ['a', 'b'],
      'cognito:roles': ['arn:aws:iam::123456789012:role/a'],
      'cognito:preferred_role': 'arn:aws:iam::123456789012:role/a',
    })
    expect(access['cognito:groups']).toEqual(['a', 'b'])
    expect(access).not.toHaveProperty('cognito:roles')
  })

  test.each([[{}], [null]])(
    'PreTokenGeneration V1 with groupOverrideDetails %j takes the groups away',
    async (groups) => {
      const { pool } = await start({ claimsOverrideDetails: { groupOverrideDetails: groups } })
      await joinRiders(pool)
      const { id, access } = await signIn(pool)

      expect(id).not.toHaveProperty('cognito:groups')
      expect(id).not.toHaveProperty('cognito:roles')
      expect(access).not.toHaveProperty('cognito:groups')
    },
  )

  test('PreTokenGeneration V1 leaves reserved claims as they are, and the log says which', async () => {
    const { pool } = await start({
      claimsOverrideDetails: {
        claimsToAddOrOverride: { sub: 'me', aud: 'you', 'cognito:groups': 'x', ok: 'yes' },
        claimsToSuppress: ['iss', 'token_use'],
      },
    })
    const response = await signInByPassword(pool)
    const id = decodeJwt(readTokens(response).IdToken)

    expect(id).toMatchObject({ aud: ClientId, token_use: 'id', ok: 'yes' })
    expect(id.sub).not.toBe('me')
    expect(id.iss).toContain('us-east-1_WildRydes')
    expect(id).not.toHaveProperty('cognito:groups')
    expect(pool.logEntries.at(-1)?.triggerCalls?.[0]?.note).toBe(
      'Reserved claims stay as they are: sub, aud, cognito:groups, iss, token_use.',
    )
  })

  test('PreTokenGeneration V1 with a claim that is no text is refused', async () => {
    const { pool } = await start({
      claimsOverrideDetails: { claimsToAddOrOverride: { tenants: ['a'] } },
    })

    expectError(await signInByPassword(pool), {
      type: 'InvalidLambdaResponseException',
      message: 'Unrecognizable lambda output',
    })
  })

  test('PreTokenGeneration is asked again by each refresh, as TokenGeneration_RefreshTokens', async () => {
    const { pool, events } = await start({
      claimsOverrideDetails: { claimsToAddOrOverride: { tier: 'gold' } },
    })
    const { RefreshToken } = readTokens(await signInByPassword(pool))
    const refreshed = await pool.call('GetTokensFromRefreshToken', {
      ClientId,
      RefreshToken,
      ClientMetadata: { page: 'ride' },
    })
    expectSuccess(refreshed)

    expect(events.map(({ triggerSource }) => triggerSource)).toEqual([
      'TokenGeneration_Authentication',
      'TokenGeneration_RefreshTokens',
    ])
    expect(events[1]?.request.clientMetadata).toEqual({ page: 'ride' })
    const { IdToken } = Object(refreshed.body.AuthenticationResult)
    expect(decodeJwt(IdToken).tier).toBe('gold')
  })

  test('PreTokenGeneration after NEW_PASSWORD_REQUIRED is TokenGeneration_NewPasswordChallenge', async () => {
    const { pool, events } = await start({})
    const invited = { username: 'invited@example.com', password: 'Temp0rary!' }
    expectSuccess(
      await callWithIam(pool, 'AdminCreateUser', {
        Username: invited.username,
        TemporaryPassword: invited.password,
        MessageAction: 'SUPPRESS',
      }),
    )
    const challenge = requireChallenge(await signInByPassword(pool, invited))
    expectSuccess(
      await answerChallenge(pool, challenge, {
        USERNAME: invited.username,
        NEW_PASSWORD: 'N3w-Passw0rd!',
      }),
    )

    expect(events.map(({ triggerSource }) => triggerSource)).toEqual([
      'TokenGeneration_NewPasswordChallenge',
    ])
  })

  test('PreTokenGeneration that throws leaves a rotated refresh token as it was', async () => {
    let isBroken = false
    const pool = await createTestPool(
      { explicitAuthFlows, rotationGraceSeconds: 0 },
      {
        triggers: {
          PreTokenGeneration: async (event) => {
            if (isBroken) throw new Error('directory is down')
            return event
          },
        },
      },
    )
    await createConfirmedUser(pool)
    const { RefreshToken } = readTokens(await signInByPassword(pool))
    isBroken = true
    expectError(await pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken }), {
      type: 'UserLambdaValidationException',
      message: 'PreTokenGeneration failed with error directory is down.',
    })
    isBroken = false

    expectSuccess(await pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken }))
  })
})

describe('PreTokenGeneration, version 2', () => {
  const preTokenGenerationVersion = 'V2_0'

  test.each([
    ['V2_0', '2'],
    ['V3_0', '3'],
  ] as const)(
    'PreTokenGeneration %s has version %s and the scopes in its event',
    async (setting, version) => {
      const { pool, events } = await start({}, { preTokenGenerationVersion: setting })
      await signIn(pool)

      expect(events).toMatchObject([
        {
          version,
          request: { scopes: ['aws.cognito.signin.user.admin'] },
          response: { claimsAndScopeOverrideDetails: null },
        },
      ])
    },
  )

  test('PreTokenGeneration V2 changes each token by itself, with values of any kind', async () => {
    const { pool } = await start(
      {
        claimsAndScopeOverrideDetails: {
          idTokenGeneration: {
            claimsToAddOrOverride: { tenants: ['a', 'b'], plan: { name: 'gold' } },
            claimsToSuppress: ['email'],
          },
          accessTokenGeneration: {
            claimsToAddOrOverride: { level: 3, isAdmin: false, client_id: 'other' },
            claimsToSuppress: ['sub'],
            scopesToAdd: ['rides:read', 'rides:write'],
            scopesToSuppress: ['rides:write'],
          },
          groupOverrideDetails: { groupsToOverride: ['vip'] },
        },
      },
      { preTokenGenerationVersion },
    )
    const { id, access, AccessToken } = await signIn(pool)

    expect(id).toMatchObject({
      tenants: ['a', 'b'],
      plan: { name: 'gold' },
      'cognito:groups': ['vip'],
    })
    expect(id).not.toHaveProperty('email')
    expect(access).toMatchObject({
      level: 3,
      isAdmin: false,
      client_id: ClientId,
      sub: id.sub,
      scope: 'aws.cognito.signin.user.admin rides:read',
      'cognito:groups': ['vip'],
    })
    expectSuccess(await pool.call('GetUser', { AccessToken }))
  })

  test('PreTokenGeneration V2 that suppresses the scope of the API makes a token that opens nothing here', async () => {
    const { pool } = await start(
      {
        claimsAndScopeOverrideDetails: {
          accessTokenGeneration: { scopesToSuppress: ['aws.cognito.signin.user.admin'] },
        },
      },
      { preTokenGenerationVersion },
    )
    const { AccessToken } = await signIn(pool)

    expectError(await pool.call('GetUser', { AccessToken }), {
      type: 'NotAuthorizedException',
      message: 'Access Token does not have required scopes',
    })
  })
})
