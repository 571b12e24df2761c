/** What the request log keeps of bodies. */

import { expect, test } from 'vitest'
import { toMaskedJson } from '../../../../src/local-cloud/user-pool/masked-body.ts'

function mask(body: unknown): unknown {
  return JSON.parse(toMaskedJson(body))
}

test('masked body: settings, names and outcomes are shown, and secrets named', () => {
  expect(
    mask({
      ClientId: 'abc',
      AuthFlow: 'USER_SRP_AUTH',
      AuthParameters: { USERNAME: 'rider', SRP_A: 'abcdef', SECRET_HASH: 'abcdef' },
      Session: 'abcdef',
    }),
  ).toEqual({
    ClientId: 'abc',
    AuthFlow: 'USER_SRP_AUTH',
    AuthParameters: { USERNAME: 'rider', SRP_A: '(hidden)', SECRET_HASH: '(hidden)' },
    Session: '(hidden)',
  })
})

test('masked body: choice-based sign-in shows what was chosen, and hides codes and answers', () => {
  const codes = { EMAIL_OTP_CODE: '12345678', ANSWER: 'S3cret!', EMAIL: 'rider@example.com' }
  expect(
    mask({
      AuthParameters: { PREFERRED_CHALLENGE: 'EMAIL_OTP' },
      AvailableChallenges: ['PASSWORD'],
      ChallengeParameters: {
        CODE_DELIVERY_DESTINATION: 'r***@e***',
        CODE_DELIVERY_DELIVERY_MEDIUM: 'EMAIL',
        MFAS_CAN_CHOOSE: '["EMAIL_OTP"]',
      },
      ChallengeResponses: codes,
      EmailMfaSettings: { Enabled: true },
    }),
  ).toEqual({
    AuthParameters: { PREFERRED_CHALLENGE: 'EMAIL_OTP' },
    AvailableChallenges: ['PASSWORD'],
    ChallengeParameters: {
      CODE_DELIVERY_DESTINATION: 'r***@e***',
      CODE_DELIVERY_DELIVERY_MEDIUM: 'EMAIL',
      MFAS_CAN_CHOOSE: '["EMAIL_OTP"]',
    },
    ChallengeResponses: { EMAIL_OTP_CODE: '(hidden)', ANSWER: '(hidden)', EMAIL: '(hidden)' },
    EmailMfaSettings: { Enabled: true },
  })
})

test('masked body: groups and settings of the pool are shown, and tokens of pages hidden', () => {
  const group = {
    GroupName: 'riders',
    Description: 'All',
    Precedence: 1,
    RoleArn: 'arn:aws:iam::1:role/x',
  }
  expect(
    mask({
      ...group,
      Groups: [group],
      NextToken: 'abcdef',
      PaginationToken: 'abcdef',
      MfaConfiguration: 'ON',
      CustomAttributes: [{ Name: 'horse', AttributeDataType: 'String', Mutable: true }],
    }),
  ).toEqual({
    ...group,
    Groups: [group],
    NextToken: '(hidden)',
    PaginationToken: '(hidden)',
    MfaConfiguration: 'ON',
    CustomAttributes: [{ Name: 'horse', AttributeDataType: 'String', Mutable: true }],
  })
})

test('masked body: an app client is shown, and its secret hidden', () => {
  const client = { ClientId: 'kiosk', ClientName: 'Kiosk', ReadAttributes: ['email'] }
  const ClientSecret = 'S3cret!'

  expect(mask({ ClientSecret, UserPoolClient: { ...client, ClientSecret } })).toEqual({
    ClientSecret: '(hidden)',
    UserPoolClient: { ...client, ClientSecret: '(hidden)' },
  })
})

test('masked body: a member that is not listed is neither shown nor named, at any depth', () => {
  const body = {
    'my-password': 'S3cret!',
    ClientId: { hunter2: ['S3cret!'] },
    Password: { ClientId: 'S3cret!' },
    __proto__: { a: 1 },
  }
  expect(mask(body)).toEqual({
    ClientId: { '(other members)': 1 },
    Password: '(hidden)',
    '(other members)': 1,
  })
  expect(mask(JSON.parse('{"__proto__":"S3cret!"}'))).toEqual({ '(other members)': 1 })
})

test('masked body: values of standard attributes are shown, those of custom ones are not', () => {
  const UserAttributes = [
    { Name: 'email', Value: 'rider@example.com' },
    { Name: 'custom:api_key', Value: 'S3cret!' },
  ]
  expect(mask({ UserAttributes })).toEqual({
    UserAttributes: [
      { Name: 'email', Value: 'rider@example.com' },
      { Name: 'custom:api_key', Value: '(hidden)' },
    ],
  })
})

test('masked body: long values and long bodies are cut', () => {
  expect(mask({ Username: 'x'.repeat(300) })).toEqual({ Username: `${'x'.repeat(256)}…` })
  expect(
    toMaskedJson({ UserAttributeNames: Array.from({ length: 5000 }, () => 'email') }),
  ).toHaveLength(4001)
})

test.each([[null], ['S'], [1], [[]], [{}]])('masked body: %j needs no mask', (body) => {
  expect(mask(body)).toEqual(body)
})

test('masked body: what a passkey signs is named only, and its id and name are shown', () => {
  const Credential = { id: 'AAAA', response: { clientDataJSON: 'S3cret!' } }
  expect(
    mask({
      Credential,
      CredentialCreationOptions: { challenge: 'S3cret!' },
      ChallengeParameters: { CREDENTIAL_REQUEST_OPTIONS: 'S3cret!' },
      ChallengeResponses: { ANSWER: 'WEB_AUTHN', CREDENTIAL: JSON.stringify(Credential) },
    }),
  ).toEqual({
    Credential: '(hidden)',
    CredentialCreationOptions: '(hidden)',
    ChallengeParameters: { CREDENTIAL_REQUEST_OPTIONS: '(hidden)' },
    ChallengeResponses: { ANSWER: '(hidden)', CREDENTIAL: '(hidden)' },
  })
  const Credentials = [{ CredentialId: 'AAAA', FriendlyCredentialName: 'Passkey' }]
  expect(mask({ Credentials })).toEqual({ Credentials })
})
