/** Triggers as the published AWS SDK and aws-amplify meet them. The latter is one object for the whole process. */

import * as sdk from '@aws-sdk/client-cognito-identity-provider'
import * as auth from 'aws-amplify/auth'
import { ConsoleLogger } from 'aws-amplify/utils'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { TriggerHandlers } from '../../../src/local-cloud/user-pool/triggers/trigger-events.ts'
import { configureAmplify } from '../../support/amplify-client.ts'
import { startLocalCloud } from '../../support/local-cloud-server.ts'
import { writeTemplate } from '../../support/template-file.ts'
import { recordTrigger } from '../../support/triggers.ts'
import { ClientId, createConfirmedUser, rider } from '../../support/users.ts'
import { expectVerifiedTokens } from '../../support/verified-tokens.ts'

ConsoleLogger.LOG_LEVEL = 'ERROR'

const { username, password } = rider

function start(triggers: TriggerHandlers) {
  const template = writeTemplate({
    pool: { AutoVerifiedAttributes: ['email'] },
    client: {
      ExplicitAuthFlows: [
        'ALLOW_CUSTOM_AUTH',
        'ALLOW_USER_PASSWORD_AUTH',
        'ALLOW_USER_SRP_AUTH',
        'ALLOW_REFRESH_TOKEN_AUTH',
      ],
      PreventUserExistenceErrors: 'ENABLED',
    },
  })
  return startLocalCloud({ template, triggers })
}

describe('the AWS SDK', () => {
  async function createClient(triggers: TriggerHandlers) {
    const { endpoint } = await start(triggers)
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'EXAMPLE' }
    const client = new sdk.CognitoIdentityProviderClient({
      region: 'us-east-1',
      endpoint,
      credentials,
      maxAttempts: 1,
    })
    onTestFinished(() => client.destroy())
    return client
  }
  const signUp = new sdk.SignUpCommand({ ClientId, Username: username, Password: password })

  test('AWS SDK: a function that throws is a UserLambdaValidationException', async () => {
    const client = await createClient({
      PreSignUp: async () => {
        throw new Error('closed')
      },
    })
    const error: unknown = await client.send(signUp).catch((thrown: unknown) => thrown)

    expect(error).toBeInstanceOf(sdk.UserLambdaValidationException)
    expect(error).toMatchObject({ message: 'PreSignUp failed with error closed.' })
  })

  test('AWS SDK: rubbish is an InvalidLambdaResponseException', async () => {
    const client = await createClient({ PreSignUp: async () => 'Success' })
    const error: unknown = await client.send(signUp).catch((thrown: unknown) => thrown)

    expect(error).toBeInstanceOf(sdk.InvalidLambdaResponseException)
  })
})

describe('aws-amplify', () => {
  const define = recordTrigger('DefineAuthChallenge', ({ request: { session } }) => {
    const last = session.at(-1)
    if (last?.challengeName === 'SRP_A') return { challengeName: 'PASSWORD_VERIFIER' }
    if (last?.challengeName === 'CUSTOM_CHALLENGE') return { issueTokens: last.challengeResult }
    return { challengeName: 'CUSTOM_CHALLENGE' }
  })
  const create = recordTrigger('CreateAuthChallenge', () => ({
    publicChallengeParameters: { riddle: 'What has one horn?' },
    privateChallengeParameters: { answer: 'a unicorn' },
  }))
  const verify = recordTrigger('VerifyAuthChallengeResponse', ({ request }) => ({
    answerCorrect: request.challengeAnswer === request.privateChallengeParameters.answer,
  }))
  const triggers = {
    DefineAuthChallenge: define.handler,
    CreateAuthChallenge: create.handler,
    VerifyAuthChallengeResponse: verify.handler,
  }

  test.each([
    ['CUSTOM_WITHOUT_SRP', { username }],
    ['CUSTOM_WITH_SRP', { username, password }],
  ] as const)(
    'Amplify: %s signs in by the answer to a custom challenge',
    async (authFlowType, credentials) => {
      const server = await start(triggers)
      await createConfirmedUser(server)
      configureAmplify(server.endpoint)

      expect(await auth.signIn({ ...credentials, options: { authFlowType } })).toMatchObject({
        isSignedIn: false,
        nextStep: {
          signInStep: 'CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE',
          additionalInfo: { riddle: 'What has one horn?' },
        },
      })
      expect(await auth.confirmSignIn({ challengeResponse: 'a unicorn' })).toMatchObject({
        isSignedIn: true,
      })
      const { tokens } = await auth.fetchAuthSession()
      if (!tokens?.idToken) throw new Error('expected to be signed in')
      await expectVerifiedTokens(server, {
        idToken: tokens.idToken.toString(),
        accessToken: tokens.accessToken.toString(),
      })
    },
  )

  test('Amplify: tokens have what PreTokenGeneration adds, and a refresh too', async () => {
    const server = await start({
      PreTokenGeneration: recordTrigger('PreTokenGeneration', ({ triggerSource }) => ({
        claimsOverrideDetails: { claimsToAddOrOverride: { source: triggerSource } },
      })).handler,
    })
    await createConfirmedUser(server)
    configureAmplify(server.endpoint)
    await auth.signIn({ username, password })
    const source = async (forceRefresh: boolean) =>
      (await auth.fetchAuthSession({ forceRefresh })).tokens?.idToken?.payload.source

    expect(await source(false)).toBe('TokenGeneration_Authentication')
    expect(await source(true)).toBe('TokenGeneration_RefreshTokens')
  })
})
