/**
 * The AWS SDK for JavaScript with its typed commands, on Node's own HTTP client: every operation
 * of the pool returns what the SDK's types declare, and every error is one of its exception classes.
 */

import * as sdk from '@aws-sdk/client-cognito-identity-provider'
import * as v from 'valibot'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { cognitoErrorTypes } from '../../../src/local-cloud/user-pool/cognito-error.ts'
import { cognitoLimits, type Limits, noLimits } from '../../../src/local-cloud/user-pool/limits.ts'
import { operations } from '../../../src/local-cloud/user-pool/operations/index.ts'
import { noQuotas, parseQuotas, type Quotas } from '../../../src/local-cloud/user-pool/quotas.ts'
import type { UserPoolSettings } from '../../../src/local-cloud/user-pool/settings.ts'
import { startLocalCloud } from '../../support/local-cloud-server.ts'
import { addPasskey, startRegistration, withPasskeys } from '../../support/passkeys.ts'
import { bySms, phone, withSmsMfa } from '../../support/phones.ts'
import { servePool } from '../../support/pool-server.ts'
import { type Ceremony, createPasskey, usePasskey } from '../../support/software-authenticator.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { currentTotp, enableTotpMfa, verifyAuthenticatorApp } from '../../support/totp.ts'
import { withEmailCodes, withEmailMfa } from '../../support/user-auth.ts'
import {
  ClientId,
  changeUser,
  createConfirmedUser,
  createSignedInUser,
  differentCode,
  latestCodeFor,
  requestPasswordReset,
  requireStoredUser,
  rider,
  signUpUser,
  startSessionFor,
  tokens,
  UserPoolId,
} from '../../support/users.ts'
import { expectVerifiedTokens } from '../../support/verified-tokens.ts'

// The SDK warns about the version of Node.
vi.stubEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true')

const Username = rider.username
const Password = rider.password
const newPassword = 'N3w-Passw0rd!'
const ofRider = { UserPoolId, Username }
const asRider = { ClientId, Username }
const passwords = { USERNAME: Username, PASSWORD: Password }
const invitation = {
  ...ofRider,
  TemporaryPassword: Password,
  UserAttributes: [{ Name: 'email', Value: Username }],
}
const delivery = { Destination: 'r***@e***', DeliveryMedium: 'EMAIL', AttributeName: 'email' }
const DeviceKey = 'us-east-1_0c4d8a52-5a7c-4f0e-9d6b-3a5a2f3b7c11'

interface Stage {
  readonly pool: TestPool
  readonly client: sdk.CognitoIdentityProviderClient
  /** names of the commands sent so far */
  readonly sent: readonly (string | undefined)[]
}

/** A pool with all flows and factors enabled, and an SDK client with made-up credentials. */
async function start(
  overrides: Partial<UserPoolSettings> = {},
  limits: Limits = noLimits,
  quotas: Quotas = noQuotas,
): Promise<Stage> {
  const pool = await createTestPool(
    {
      ...withPasskeys,
      mfaConfiguration: 'OPTIONAL',
      preventsUserExistenceErrors: false,
      verifiedBeforeUpdate: new Set<'email'>(),
      explicitAuthFlows: new Set([
        'ALLOW_USER_PASSWORD_AUTH',
        'ALLOW_ADMIN_USER_PASSWORD_AUTH',
        'ALLOW_REFRESH_TOKEN_AUTH',
      ]),
      ...overrides,
    },
    { limits, quotas },
  )
  const client = createClient(await servePool(pool))
  const sent: (string | undefined)[] = []
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        sent.push(commandName)
        return next(args)
      },
    { step: 'initialize' },
  )
  return { pool, client, sent }
}

function createClient(
  endpoint: string,
  credentials: sdk.CognitoIdentityProviderClientConfig['credentials'] = {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI-EXAMPLE',
  },
): sdk.CognitoIdentityProviderClient {
  const client = new sdk.CognitoIdentityProviderClient({
    region: 'us-east-1',
    endpoint,
    credentials,
  })
  onTestFinished(() => client.destroy())
  return client
}

const ofGroup = { UserPoolId, GroupName: 'riders' }

async function createGroupOfRider({ pool, client }: Stage): Promise<void> {
  await signUpUser(pool)
  await client.send(new sdk.CreateGroupCommand(ofGroup))
  await expectNothing(client.send(new sdk.AdminAddUserToGroupCommand({ ...ofRider, ...ofGroup })))
}

/** Invites a user and signs them in up to NEW_PASSWORD_REQUIRED. */
async function requireNewPasswordSession({ client }: Stage): Promise<string> {
  await client.send(new sdk.AdminCreateUserCommand(invitation))
  const { ChallengeName, Session } = await client.send(
    new sdk.InitiateAuthCommand({
      ClientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: passwords,
    }),
  )
  expect(ChallengeName).toBe('NEW_PASSWORD_REQUIRED')
  return v.parse(v.string(), Session)
}

const newPasswordAnswer = {
  ClientId,
  ChallengeName: 'NEW_PASSWORD_REQUIRED',
  ChallengeResponses: { USERNAME: Username, NEW_PASSWORD: newPassword },
} as const

/** The result of a completed sign-in. */
const signedIn = {
  AuthenticationResult: {
    AccessToken: expect.any(String),
    IdToken: expect.any(String),
    RefreshToken: expect.any(String),
    TokenType: 'Bearer',
    ExpiresIn: 3600,
  },
}

/** Checks the response of a command that returns nothing. */
async function expectNothing(response: Promise<{ $metadata: object }>): Promise<void> {
  expect(await response).toEqual({ $metadata: expect.objectContaining({ httpStatusCode: 200 }) })
}

function expectRefused(response: Promise<unknown>, type: new (...args: never[]) => Error) {
  return expect(response).rejects.toBeInstanceOf(type)
}

type Judge = (stage: Stage) => Promise<void>

/** Each operation, and a check of what its typed command returns. */
const judges: Readonly<Record<string, Judge>> = {
  async AddCustomAttributes({ client }) {
    const CustomAttributes = [
      {
        Name: 'horse',
        AttributeDataType: 'String',
        StringAttributeConstraints: { MaxLength: '9' },
      },
    ] as const
    await expectNothing(
      client.send(
        new sdk.AddCustomAttributesCommand({ UserPoolId, CustomAttributes: [...CustomAttributes] }),
      ),
    )
  },
  async AdminAddUserToGroup(stage) {
    await createGroupOfRider(stage)
    const { Groups } = await stage.client.send(new sdk.AdminListGroupsForUserCommand(ofRider))
    expect(Groups).toMatchObject([ofGroup])
  },
  async AdminConfirmSignUp({ pool, client }) {
    await signUpUser(pool)
    await expectNothing(client.send(new sdk.AdminConfirmSignUpCommand(ofRider)))
    expect(requireStoredUser(pool, Username).status).toBe('CONFIRMED')
  },
  async AdminCreateUser({ client }) {
    const { User } = await client.send(new sdk.AdminCreateUserCommand(invitation))
    expect(User).toMatchObject({
      Username,
      Enabled: true,
      UserStatus: 'FORCE_CHANGE_PASSWORD',
      UserCreateDate: expect.any(Date),
      UserLastModifiedDate: expect.any(Date),
    })
    expect(User?.Attributes).toContainEqual({ Name: 'email', Value: Username })
  },
  async AdminDeleteUser({ pool, client }) {
    await signUpUser(pool)
    await expectNothing(client.send(new sdk.AdminDeleteUserCommand(ofRider)))
    expect(pool.store.findUser(Username)).toBeUndefined()
  },
  async AdminDeleteUserAttributes({ pool, client }) {
    await signUpUser(pool)
    const UserAttributeNames = ['email']
    await expectNothing(
      client.send(new sdk.AdminDeleteUserAttributesCommand({ ...ofRider, UserAttributeNames })),
    )
    expect(requireStoredUser(pool, Username).attributes.size).toBe(0)
  },
  async AdminDisableUser({ pool, client }) {
    await signUpUser(pool)
    await expectNothing(client.send(new sdk.AdminDisableUserCommand(ofRider)))
    expect(requireStoredUser(pool, Username).enabled).toBe(false)
  },
  async AdminEnableUser({ pool, client }) {
    await signUpUser(pool)
    changeUser(pool, Username, { enabled: false })
    await expectNothing(client.send(new sdk.AdminEnableUserCommand(ofRider)))
    expect(requireStoredUser(pool, Username).enabled).toBe(true)
  },
  async AdminGetUser({ pool, client }) {
    await createConfirmedUser(pool)
    const user = await client.send(new sdk.AdminGetUserCommand(ofRider))
    expect(user).toMatchObject({ Username, Enabled: true, UserStatus: 'CONFIRMED' })
    expect(user.UserCreateDate).toEqual(new Date(requireStoredUser(pool, Username).createdAtMs))
    expect(user.UserAttributes).toContainEqual({ Name: 'email_verified', Value: 'true' })
  },
  async AdminInitiateAuth({ pool, client }) {
    await createConfirmedUser(pool)
    const response = await client.send(
      new sdk.AdminInitiateAuthCommand({
        UserPoolId,
        ClientId,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: passwords,
      }),
    )
    expect(response).toMatchObject(signedIn)
  },
  async AdminResetUserPassword({ pool, client }) {
    await createConfirmedUser(pool)
    await expectNothing(client.send(new sdk.AdminResetUserPasswordCommand(ofRider)))
    expect(requireStoredUser(pool, Username).status).toBe('RESET_REQUIRED')
  },
  async AdminRespondToAuthChallenge(stage) {
    const Session = await requireNewPasswordSession(stage)
    const response = await stage.client.send(
      new sdk.AdminRespondToAuthChallengeCommand({ UserPoolId, ...newPasswordAnswer, Session }),
    )
    expect(response).toMatchObject(signedIn)
  },
  async AdminSetUserMFAPreference({ pool, client }) {
    const { AccessToken } = await createSignedInUser(pool)
    await enableTotpMfa(pool, AccessToken)
    const SoftwareTokenMfaSettings = { Enabled: false }
    await expectNothing(
      client.send(
        new sdk.AdminSetUserMFAPreferenceCommand({ ...ofRider, SoftwareTokenMfaSettings }),
      ),
    )
    const user = await client.send(new sdk.GetUserCommand({ AccessToken }))
    expect(user.UserMFASettingList).toBeUndefined()
  },
  async AdminSetUserPassword({ pool, client }) {
    await signUpUser(pool)
    await expectNothing(
      client.send(
        new sdk.AdminSetUserPasswordCommand({ ...ofRider, Password: newPassword, Permanent: true }),
      ),
    )
    expect(requireStoredUser(pool, Username).status).toBe('CONFIRMED')
  },
  async AdminUpdateUserAttributes({ pool, client }) {
    await signUpUser(pool)
    const UserAttributes = [{ Name: 'email_verified', Value: 'true' }]
    await expectNothing(
      client.send(new sdk.AdminUpdateUserAttributesCommand({ ...ofRider, UserAttributes })),
    )
    expect(requireStoredUser(pool, Username).attributes.get('email_verified')).toBe('true')
  },
  async AdminUserGlobalSignOut({ pool, client }) {
    const { AccessToken } = await createSignedInUser(pool)
    await expectNothing(client.send(new sdk.AdminUserGlobalSignOutCommand(ofRider)))
    await expectRefused(
      client.send(new sdk.GetUserCommand({ AccessToken })),
      sdk.NotAuthorizedException,
    )
  },
  async AdminListGroupsForUser(stage) {
    await createGroupOfRider(stage)
    const { Groups } = await stage.client.send(new sdk.AdminListGroupsForUserCommand(ofRider))
    expect(Groups).toMatchObject([{ ...ofGroup, CreationDate: expect.any(Date) }])
  },
  async AdminRemoveUserFromGroup(stage) {
    await createGroupOfRider(stage)
    const { client } = stage
    await expectNothing(
      client.send(new sdk.AdminRemoveUserFromGroupCommand({ ...ofRider, ...ofGroup })),
    )
    const { Groups } = await client.send(new sdk.AdminListGroupsForUserCommand(ofRider))
    expect(Groups).toEqual([])
  },
  async CreateGroup({ client }) {
    const RoleArn = 'arn:aws:iam::123456789012:role/rider'
    const { Group } = await client.send(
      new sdk.CreateGroupCommand({ ...ofGroup, RoleArn, Precedence: 0 }),
    )
    expect(Group).toMatchObject({
      ...ofGroup,
      RoleArn,
      Precedence: 0,
      CreationDate: expect.any(Date),
      LastModifiedDate: expect.any(Date),
    })
  },
  async DeleteGroup(stage) {
    await createGroupOfRider(stage)
    await expectNothing(stage.client.send(new sdk.DeleteGroupCommand(ofGroup)))
    const { Groups } = await stage.client.send(new sdk.ListGroupsCommand({ UserPoolId }))
    expect(Groups).toEqual([])
  },
  async GetGroup(stage) {
    await createGroupOfRider(stage)
    const { Group } = await stage.client.send(new sdk.GetGroupCommand(ofGroup))
    expect(Group).toMatchObject(ofGroup)
  },
  async GetUserPoolMfaConfig({ client }) {
    const config = await client.send(new sdk.GetUserPoolMfaConfigCommand({ UserPoolId }))
    expect(config.MfaConfiguration).toBe('OPTIONAL')
    expect(config.SoftwareTokenMfaConfiguration).toEqual({ Enabled: true })
  },
  async ListGroups(stage) {
    await createGroupOfRider(stage)
    const { Groups } = await stage.client.send(new sdk.ListGroupsCommand({ UserPoolId }))
    expect(Groups).toMatchObject([ofGroup])
  },
  async ListUsersInGroup(stage) {
    await createGroupOfRider(stage)
    const { Users } = await stage.client.send(new sdk.ListUsersInGroupCommand(ofGroup))
    expect(Users).toMatchObject([{ Username, UserCreateDate: expect.any(Date) }])
  },
  async SetUserPoolMfaConfig({ client }) {
    const config = await client.send(
      new sdk.SetUserPoolMfaConfigCommand({
        UserPoolId,
        MfaConfiguration: 'OPTIONAL',
        SoftwareTokenMfaConfiguration: { Enabled: true },
      }),
    )
    expect(config.MfaConfiguration).toBe('OPTIONAL')
    expect(config.SoftwareTokenMfaConfiguration).toEqual({ Enabled: true })
  },
  async UpdateGroup(stage) {
    await createGroupOfRider(stage)
    const { Group } = await stage.client.send(
      new sdk.UpdateGroupCommand({ ...ofGroup, Description: 'All riders' }),
    )
    expect(Group).toMatchObject({ ...ofGroup, Description: 'All riders' })
  },
  async AssociateSoftwareToken({ pool, client }) {
    const { AccessToken } = await createSignedInUser(pool)
    const response = await client.send(new sdk.AssociateSoftwareTokenCommand({ AccessToken }))
    expect(response.SecretCode).toMatch(/^[A-Z2-7]{52}$/)
  },
  async ChangePassword({ pool, client }) {
    const { AccessToken } = await createSignedInUser(pool)
    const change = { PreviousPassword: Password, ProposedPassword: newPassword }
    await expectNothing(client.send(new sdk.ChangePasswordCommand({ AccessToken, ...change })))
  },
  async ConfirmForgotPassword({ pool, client }) {
    await createConfirmedUser(pool)
    const ConfirmationCode = await requestPasswordReset(pool, Username)
    await expectNothing(
      client.send(
        new sdk.ConfirmForgotPasswordCommand({
          ...asRider,
          ConfirmationCode,
          Password: newPassword,
        }),
      ),
    )
  },
  async ConfirmSignUp({ pool, client }) {
    await signUpUser(pool)
    const ConfirmationCode = latestCodeFor(pool, Username)
    await expectNothing(client.send(new sdk.ConfirmSignUpCommand({ ...asRider, ConfirmationCode })))
    expect(requireStoredUser(pool, Username).status).toBe('CONFIRMED')
  },
  async DeleteUser({ pool, client }) {
    const { AccessToken } = await createSignedInUser(pool)
    await expectNothing(client.send(new sdk.DeleteUserCommand({ AccessToken })))
    expect(pool.store.findUser(Username)).toBeUndefined()
  },
  async DeleteUserAttributes({ pool, client }) {
    const { AccessToken } = await createSignedInUser(pool)
    const UserAttributeNames = ['nickname']
    await expectNothing(
      client.send(new sdk.DeleteUserAttributesCommand({ AccessToken, UserAttributeNames })),
    )
  },
  async DescribeUserPool({ pool, client }) {
    await signUpUser(pool)
    const { UserPool } = await client.send(new sdk.DescribeUserPoolCommand({ UserPoolId }))
    expect(UserPool).toMatchObject({
      Id: UserPoolId,
      Policies: { PasswordPolicy: { MinimumLength: 8, RequireSymbols: true } },
      AutoVerifiedAttributes: ['email'],
      MfaConfiguration: 'OPTIONAL',
      EstimatedNumberOfUsers: 1,
      CreationDate: expect.any(Date),
    })
    expect(UserPool?.SchemaAttributes).toContainEqual(
      expect.objectContaining({ Name: 'email', AttributeDataType: 'String' }),
    )
  },
  async CreateUserPoolClient({ client }) {
    const { UserPoolClient } = await client.send(
      new sdk.CreateUserPoolClientCommand({
        UserPoolId,
        ClientName: 'kiosk',
        GenerateSecret: true,
        ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
        AccessTokenValidity: 20,
        TokenValidityUnits: { AccessToken: 'minutes' },
      }),
    )
    expect(UserPoolClient).toMatchObject({
      UserPoolId,
      ClientName: 'kiosk',
      ClientId: expect.stringMatching(/^[0-9a-z]{26}$/),
      ClientSecret: expect.stringMatching(/^[0-9a-z]{52}$/),
      CreationDate: expect.any(Date),
      AccessTokenValidity: 20,
      TokenValidityUnits: { AccessToken: 'minutes' },
    })
    await expect(
      client.send(
        new sdk.CreateUserPoolClientCommand({
          UserPoolId,
          ClientName: 'a',
          AccessTokenValidity: 99,
        }),
      ),
    ).rejects.toThrow('Invalid range for token validity.')
  },
  async UpdateUserPoolClient({ client }) {
    const { UserPoolClient } = await client.send(
      new sdk.UpdateUserPoolClientCommand({ UserPoolId, ClientId, ClientName: 'renamed' }),
    )
    expect(UserPoolClient).toMatchObject({ ClientId, ClientName: 'renamed' })
    expect(UserPoolClient?.ExplicitAuthFlows).toContain('ALLOW_USER_SRP_AUTH')
  },
  async DeleteUserPoolClient({ client }) {
    await expectNothing(client.send(new sdk.DeleteUserPoolClientCommand({ UserPoolId, ClientId })))
    await expect(
      client.send(new sdk.DescribeUserPoolClientCommand({ UserPoolId, ClientId })),
    ).rejects.toBeInstanceOf(sdk.ResourceNotFoundException)
  },
  async DescribeUserPoolClient({ client }) {
    const { UserPoolClient } = await client.send(
      new sdk.DescribeUserPoolClientCommand({ UserPoolId, ClientId }),
    )
    expect(UserPoolClient).toMatchObject({
      ClientId,
      UserPoolId,
      EnableTokenRevocation: true,
      AuthSessionValidity: 15,
      RefreshTokenRotation: { Feature: 'DISABLED' },
    })
    expect(UserPoolClient?.ExplicitAuthFlows).toContain('ALLOW_USER_PASSWORD_AUTH')
  },
  async ForgotPassword({ pool, client }) {
    await createConfirmedUser(pool)
    const response = await client.send(new sdk.ForgotPasswordCommand(asRider))
    expect(response.CodeDeliveryDetails).toEqual(delivery)
  },
  async GetTokensFromRefreshToken({ pool, client }) {
    const { RefreshToken } = await createSignedInUser(pool)
    const { AuthenticationResult } = await client.send(
      new sdk.GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken }),
    )
    expect(AuthenticationResult).toEqual({
      ...signedIn.AuthenticationResult,
      RefreshToken: undefined,
    })
  },
  async GetUser({ pool, client }) {
    const { AccessToken } = await createSignedInUser(pool)
    const user = await client.send(new sdk.GetUserCommand({ AccessToken }))
    expect(user.Username).toBe(Username)
    expect(user.UserAttributes).toContainEqual({ Name: 'email', Value: Username })
  },
  async GetUserAttributeVerificationCode({ pool, client }) {
    const { AccessToken } = await createSignedInUser(pool)
    const response = await client.send(
      new sdk.GetUserAttributeVerificationCodeCommand({ AccessToken, AttributeName: 'email' }),
    )
    expect(response.CodeDeliveryDetails).toEqual(delivery)
  },
  async GetUserAuthFactors({ pool, client }) {
    const { AccessToken } = await createSignedInUser(pool)
    const response = await client.send(new sdk.GetUserAuthFactorsCommand({ AccessToken }))
    expect(response).toMatchObject({ Username, ConfiguredUserAuthFactors: ['PASSWORD'] })
  },
  async GlobalSignOut({ pool, client }) {
    const { AccessToken } = await createSignedInUser(pool)
    await expectNothing(client.send(new sdk.GlobalSignOutCommand({ AccessToken })))
    await expectRefused(
      client.send(new sdk.GetUserCommand({ AccessToken })),
      sdk.NotAuthorizedException,
    )
  },
  async InitiateAuth({ pool, client }) {
    await createConfirmedUser(pool)
    const response = await client.send(
      new sdk.InitiateAuthCommand({
        ClientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: passwords,
      }),
    )
    expect(response).toMatchObject(signedIn)
  },
  async ListUserPoolClients({ client }) {
    const { UserPoolClients } = await client.send(
      new sdk.ListUserPoolClientsCommand({ UserPoolId, MaxResults: 10 }),
    )
    expect(UserPoolClients).toEqual([{ ClientId, UserPoolId, ClientName: 'WildRydesWebApp' }])
  },
  async ListUserPools({ client }) {
    const { UserPools } = await client.send(new sdk.ListUserPoolsCommand({ MaxResults: 10 }))
    expect(UserPools).toEqual([
      expect.objectContaining({ Id: UserPoolId, CreationDate: expect.any(Date) }),
    ])
  },
  async ListUsers({ pool, client }) {
    await signUpUser(pool)
    await signUpUser(pool, { username: 'second@example.com', password: Password })
    const pages = sdk.paginateListUsers({ client, pageSize: 1 }, { UserPoolId })
    const names: unknown[] = []
    for await (const { Users = [] } of pages) {
      expect(Users).toMatchObject([{ UserStatus: 'UNCONFIRMED', UserCreateDate: expect.any(Date) }])
      names.push(...Users.map((user) => user.Username))
    }
    expect(names).toEqual([Username, 'second@example.com'])
  },
  async ResendConfirmationCode({ pool, client }) {
    await signUpUser(pool)
    const response = await client.send(new sdk.ResendConfirmationCodeCommand(asRider))
    expect(response.CodeDeliveryDetails).toEqual(delivery)
  },
  async RespondToAuthChallenge(stage) {
    const Session = await requireNewPasswordSession(stage)
    const response = await stage.client.send(
      new sdk.RespondToAuthChallengeCommand({ ...newPasswordAnswer, Session }),
    )
    expect(response).toMatchObject(signedIn)
  },
  async RevokeToken({ pool, client }) {
    const { RefreshToken, AccessToken } = await createSignedInUser(pool)
    await expectNothing(client.send(new sdk.RevokeTokenCommand({ ClientId, Token: RefreshToken })))
    await expectRefused(
      client.send(new sdk.GetUserCommand({ AccessToken })),
      sdk.NotAuthorizedException,
    )
  },
  async SetUserMFAPreference({ pool, client }) {
    const { AccessToken } = await createSignedInUser(pool)
    await verifyAuthenticatorApp(pool, AccessToken)
    const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: true }
    await expectNothing(
      client.send(new sdk.SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings })),
    )
    expect(await client.send(new sdk.GetUserCommand({ AccessToken }))).toMatchObject({
      PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA',
      UserMFASettingList: ['SOFTWARE_TOKEN_MFA'],
    })
  },
  async SignUp({ pool, client }) {
    const UserAttributes = [{ Name: 'email', Value: Username }]
    const response = await client.send(
      new sdk.SignUpCommand({ ...asRider, Password, UserAttributes }),
    )
    expect(response).toMatchObject({
      UserConfirmed: false,
      UserSub: requireStoredUser(pool, Username).sub,
      CodeDeliveryDetails: delivery,
    })
  },
  async UpdateUserAttributes({ pool, client }) {
    const { AccessToken } = await createSignedInUser(pool)
    const UserAttributes = [{ Name: 'email', Value: 'new@example.com' }]
    const response = await client.send(
      new sdk.UpdateUserAttributesCommand({ AccessToken, UserAttributes }),
    )
    expect(response.CodeDeliveryDetailsList).toEqual([{ ...delivery, Destination: 'n***@e***' }])
  },
  async VerifySoftwareToken({ pool, client }) {
    const { AccessToken } = await createSignedInUser(pool)
    const { SecretCode = '' } = await client.send(
      new sdk.AssociateSoftwareTokenCommand({ AccessToken }),
    )
    const UserCode = currentTotp(SecretCode, pool)
    const response = await client.send(
      new sdk.VerifySoftwareTokenCommand({ AccessToken, UserCode }),
    )
    expect(response.Status).toBe('SUCCESS')
  },
  async VerifyUserAttribute({ pool, client }) {
    const { AccessToken } = await createSignedInUser(pool)
    const attribute = { AccessToken, AttributeName: 'email' }
    await client.send(new sdk.GetUserAttributeVerificationCodeCommand(attribute))
    const Code = latestCodeFor(pool, Username)
    await expectNothing(client.send(new sdk.VerifyUserAttributeCommand({ ...attribute, Code })))
  },

  async StartWebAuthnRegistration({ pool, client }) {
    const { AccessToken } = await createSignedInUser(pool)
    const command = new sdk.StartWebAuthnRegistrationCommand({ AccessToken })
    const { CredentialCreationOptions } = await client.send(command)
    expect(CredentialCreationOptions).toMatchObject({ rp: { id: 'localhost' } })
  },
  async CompleteWebAuthnRegistration({ pool, client }) {
    const { AccessToken } = await createSignedInUser(pool)
    const { response } = createPasskey(await startRegistration(pool, AccessToken))
    const Credential = JSON.parse(JSON.stringify(response))
    await expectNothing(
      client.send(new sdk.CompleteWebAuthnRegistrationCommand({ AccessToken, Credential })),
    )
  },
  async ListWebAuthnCredentials({ pool, client }) {
    const { AccessToken } = await createSignedInUser(pool)
    const { id: CredentialId } = await addPasskey(pool, AccessToken)
    const { Credentials } = await client.send(
      new sdk.ListWebAuthnCredentialsCommand({ AccessToken, MaxResults: 20 }),
    )
    expect(Credentials).toEqual([
      {
        CredentialId,
        FriendlyCredentialName: 'Platform passkey',
        RelyingPartyId: 'localhost',
        AuthenticatorAttachment: 'platform',
        AuthenticatorTransports: ['internal'],
        CreatedAt: new Date(pool.clock.nowMs()),
      },
    ])
  },
  async DeleteWebAuthnCredential({ pool, client }) {
    const { AccessToken } = await createSignedInUser(pool)
    const { id: CredentialId } = await addPasskey(pool, AccessToken)
    await expectNothing(
      client.send(new sdk.DeleteWebAuthnCredentialCommand({ AccessToken, CredentialId })),
    )
    await expectRefused(
      client.send(new sdk.DeleteWebAuthnCredentialCommand({ AccessToken, CredentialId })),
      sdk.ResourceNotFoundException,
    )
  },
  async ConfirmDevice({ pool, client }) {
    const { AccessToken } = await createSignedInUser(pool)
    await expectRefused(
      client.send(new sdk.ConfirmDeviceCommand({ AccessToken, DeviceKey })),
      sdk.InvalidParameterException,
    )
  },
  async ForgetDevice({ pool, client }) {
    const { AccessToken } = await createSignedInUser(pool)
    await expectRefused(
      client.send(new sdk.ForgetDeviceCommand({ AccessToken, DeviceKey })),
      sdk.InvalidParameterException,
    )
  },
  async GetDevice({ pool, client }) {
    const { AccessToken } = await createSignedInUser(pool)
    await expectRefused(
      client.send(new sdk.GetDeviceCommand({ AccessToken, DeviceKey })),
      sdk.InvalidParameterException,
    )
  },
  async ListDevices({ pool, client }) {
    const { AccessToken } = await createSignedInUser(pool)
    await expectRefused(
      client.send(new sdk.ListDevicesCommand({ AccessToken })),
      sdk.InvalidParameterException,
    )
  },
  async UpdateDeviceStatus({ pool, client }) {
    const { AccessToken } = await createSignedInUser(pool)
    await expectRefused(
      client.send(new sdk.UpdateDeviceStatusCommand({ AccessToken, DeviceKey })),
      sdk.InvalidParameterException,
    )
  },
  async SetUserSettings({ pool, client }) {
    const { AccessToken } = await createSignedInUser(pool)
    await expectRefused(
      client.send(new sdk.SetUserSettingsCommand({ AccessToken, MFAOptions: [] })),
      sdk.InvalidParameterException,
    )
  },
  async AdminSetUserSettings({ pool, client }) {
    await createConfirmedUser(pool)
    await expectRefused(
      client.send(new sdk.AdminSetUserSettingsCommand({ ...ofRider, MFAOptions: [] })),
      sdk.InvalidParameterException,
    )
  },
}

describe('SMS with the AWS SDK', () => {
  test('a phone number signs up, gets MFA by SMS, and signs in with its codes', async () => {
    const { pool, client } = await start({ ...withSmsMfa, usernameModel: 'phone' })
    const { CodeDeliveryDetails } = await client.send(
      new sdk.SignUpCommand({ ClientId, Username: phone, Password }),
    )
    const ofPhone = { UserPoolId, Username: phone }
    expect(CodeDeliveryDetails).toEqual(bySms)
    await client.send(
      new sdk.ConfirmSignUpCommand({
        ClientId,
        Username: phone,
        ConfirmationCode: latestCodeFor(pool, phone),
      }),
    )
    const smsOnly = [{ DeliveryMedium: 'SMS', AttributeName: 'phone_number' }] as const
    await client.send(new sdk.AdminSetUserSettingsCommand({ ...ofPhone, MFAOptions: [...smsOnly] }))
    const user = await client.send(new sdk.AdminGetUserCommand(ofPhone))
    expect(user.MFAOptions).toEqual(smsOnly)
    const { ChallengeName, ChallengeParameters, Session } = await client.send(
      new sdk.InitiateAuthCommand({
        ClientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: phone, PASSWORD: Password },
      }),
    )
    expect([ChallengeName, ChallengeParameters]).toEqual([
      'SMS_MFA',
      {
        CODE_DELIVERY_DELIVERY_MEDIUM: 'SMS',
        CODE_DELIVERY_DESTINATION: bySms.Destination,
        USER_ID_FOR_SRP: user.Username,
      },
    ])
    const { AuthenticationResult } = await client.send(
      new sdk.RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName,
        Session,
        ChallengeResponses: { USERNAME: phone, SMS_MFA_CODE: latestCodeFor(pool, phone) },
      }),
    )
    expect(v.parse(tokens, AuthenticationResult).IdToken).toMatch(/^ey/)
  })
})

describe('typed commands of the AWS SDK', () => {
  test.each(Object.entries(judges))(
    '%s: the response has the types that the SDK declares',
    async (name, judge) => {
      const stage = await start()
      await judge(stage)

      expect(stage.sent).toContain(`${name}Command`)
    },
  )

  test('coverage: this file sends every operation of the pool and no other', () => {
    expect(Object.keys(judges).sort()).toEqual([...operations.keys()].sort())
  })

  test.each(['/', '/cognito-idp/'])(
    'AWS SDK: the endpoint %s of the local cloud gives tokens that the published JWKS verifies',
    async (path) => {
      const server = await startLocalCloud()
      const client = createClient(`${server.origin}${path}`)
      await createConfirmedUser(server)
      const { AuthenticationResult } = await client.send(
        new sdk.GetTokensFromRefreshTokenCommand({
          ClientId,
          RefreshToken: (await startSessionFor(server)).RefreshToken,
        }),
      )
      const tokens = v.parse(
        v.object({ IdToken: v.string(), AccessToken: v.string() }),
        AuthenticationResult,
      )
      await expectVerifiedTokens(server, {
        idToken: tokens.IdToken,
        accessToken: tokens.AccessToken,
      })
      expect(await client.send(new sdk.ListUsersCommand({ UserPoolId }))).toMatchObject({
        Users: [{ Username }],
      })
    },
  )
})

test('IAM authorization: the SDK signs exactly the operations for which the pool requires a signature', async () => {
  const { pool, client } = await start()
  const names = [...operations.keys()]
  const signed = names.filter((operation) =>
    client.config
      .httpAuthSchemeProvider({ operation, region: 'us-east-1' })
      .every(({ schemeId }) => schemeId !== 'smithy.api#noAuth'),
  )
  const responses = await Promise.all(names.map((name) => pool.call(name, {})))
  const refused = names.filter(
    (_, index) => responses[index]?.body.__type === 'MissingAuthenticationTokenException',
  )

  expect(signed).toContain('AdminGetUser')
  expect(refused).toEqual(signed)
})

describe('choice-based sign-in with the AWS SDK', () => {
  const userAuth = (AuthParameters: Readonly<Record<string, string>> = {}, Session?: string) =>
    new sdk.InitiateAuthCommand({
      ClientId,
      AuthFlow: 'USER_AUTH',
      AuthParameters: { USERNAME: Username, ...AuthParameters },
      Session,
    })

  test('AWS SDK: the Session of SignUp and ConfirmSignUp signs a user without a password in', async () => {
    const { pool, client } = await start(withEmailCodes)
    const UserAttributes = [{ Name: 'email', Value: Username }]
    const signedUp = await client.send(new sdk.SignUpCommand({ ...asRider, UserAttributes }))
    const ConfirmationCode = latestCodeFor(pool, Username)
    const { Session } = await client.send(
      new sdk.ConfirmSignUpCommand({ ...asRider, ConfirmationCode, Session: signedUp.Session }),
    )

    expect(await client.send(userAuth({}, Session))).toMatchObject(signedIn)
  })

  test('AWS SDK: SELECT_CHALLENGE, EMAIL_OTP and PASSWORD have the types that the SDK declares', async () => {
    const { pool, client } = await start(withEmailCodes)
    await createConfirmedUser(pool)
    const selection = await client.send(userAuth())
    expect(selection).toMatchObject({
      ChallengeName: 'SELECT_CHALLENGE',
      AvailableChallenges: ['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP'],
    })

    const emailed = await client.send(
      new sdk.RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName: 'SELECT_CHALLENGE',
        ChallengeResponses: { USERNAME: Username, ANSWER: 'EMAIL_OTP' },
        Session: selection.Session,
      }),
    )
    expect(emailed.ChallengeName).toBe('EMAIL_OTP')
    const EMAIL_OTP_CODE = latestCodeFor(pool, Username)
    const finished = await client.send(
      new sdk.RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName: 'EMAIL_OTP',
        ChallengeResponses: { USERNAME: Username, EMAIL_OTP_CODE },
        Session: emailed.Session,
      }),
    )
    expect(finished).toMatchObject(signedIn)
    const byPassword = userAuth({ PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD: Password })
    expect(await client.send(byPassword)).toMatchObject(signedIn)
  })

  test('AWS SDK: MFA by email is turned on and told', async () => {
    const { pool, client } = await start(withEmailMfa)
    const { AccessToken } = await createSignedInUser(pool)
    const EmailMfaSettings = { Enabled: true, PreferredMfa: true }
    await expectNothing(
      client.send(new sdk.SetUserMFAPreferenceCommand({ AccessToken, EmailMfaSettings })),
    )

    expect(await client.send(new sdk.GetUserAuthFactorsCommand({ AccessToken }))).toMatchObject({
      PreferredMfaSetting: 'EMAIL_OTP',
      UserMFASettingList: ['EMAIL_OTP'],
      ConfiguredUserAuthFactors: ['PASSWORD'],
    })
  })

  test('AWS SDK: DescribeUserPool and DescribeUserPoolClient tell the factors, the tier and the flow', async () => {
    const { client } = await start({ ...withEmailCodes, tier: 'PLUS' })
    const { UserPool } = await client.send(new sdk.DescribeUserPoolCommand({ UserPoolId }))
    const { UserPoolClient } = await client.send(
      new sdk.DescribeUserPoolClientCommand({ UserPoolId, ClientId }),
    )

    expect(UserPool).toMatchObject({
      Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
      UserPoolTier: 'PLUS',
    })
    expect(UserPoolClient?.ExplicitAuthFlows).toContain('ALLOW_USER_AUTH')
  })
})

test('AWS SDK: a passkey is made and signs in', async () => {
  const { pool, client } = await start(withPasskeys)
  const { AccessToken } = await createSignedInUser(pool)
  const passkey = await addPasskey(pool, AccessToken)
  const begun = await client.send(
    new sdk.InitiateAuthCommand({
      ClientId,
      AuthFlow: 'USER_AUTH',
      AuthParameters: { USERNAME: Username, PREFERRED_CHALLENGE: 'WEB_AUTHN' },
    }),
  )
  const options = v.parse(v.string(), begun.ChallengeParameters?.CREDENTIAL_REQUEST_OPTIONS)

  expect(begun.ChallengeName).toBe('WEB_AUTHN')
  expect(
    await client.send(
      new sdk.RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName: 'WEB_AUTHN',
        Session: begun.Session,
        ChallengeResponses: {
          USERNAME: Username,
          CREDENTIAL: JSON.stringify(usePasskey(passkey, options)),
        },
      }),
    ),
  ).toMatchObject(signedIn)
})

test('AWS SDK: the public operations work without credentials', async () => {
  const client = createClient(await servePool(await createTestPool()), () =>
    Promise.reject(new Error('expected nobody to ask for credentials')),
  )

  expect(await client.send(new sdk.SignUpCommand({ ...asRider, Password }))).toMatchObject({
    UserConfirmed: false,
  })
})

/** Error types of the JSON protocol itself, which no service model lists. */
const protocolErrors = new Set([
  'MissingAuthenticationTokenException',
  'SerializationException',
  'UnknownOperationException',
])

describe('errors of the AWS SDK', () => {
  const wrongPassword = { ...passwords, PASSWORD: newPassword }
  const signIn = (
    { client }: Stage,
    AuthParameters: Readonly<Record<string, string>> = passwords,
  ) =>
    client.send(
      new sdk.InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }),
    )
  const signUp = ({ client }: Stage, password: string = Password) =>
    client.send(new sdk.SignUpCommand({ ...asRider, Password: password }))
  const confirm = ({ client }: Stage, ConfirmationCode: string) =>
    client.send(new sdk.ConfirmSignUpCommand({ ...asRider, ConfirmationCode }))

  const refusals: Readonly<Record<string, (stage: Stage) => Promise<unknown>>> = {
    async AliasExistsException(stage) {
      const second = { username: 'second@example.com', password: Password }
      await createConfirmedUser(stage.pool)
      await createConfirmedUser(stage.pool, second)
      const { AccessToken } = await startSessionFor(
        stage.pool,
        requireStoredUser(stage.pool, second.username).username,
      )
      const UserAttributes = [{ Name: 'email', Value: Username }]
      return stage.client.send(new sdk.UpdateUserAttributesCommand({ AccessToken, UserAttributes }))
    },
    async CodeMismatchException(stage) {
      await signUpUser(stage.pool)
      return confirm(stage, differentCode(latestCodeFor(stage.pool, Username)))
    },
    async EnableSoftwareTokenMFAException({ pool, client }) {
      const { AccessToken } = await createSignedInUser(pool)
      return client.send(new sdk.VerifySoftwareTokenCommand({ AccessToken, UserCode: '000000' }))
    },
    async ExpiredCodeException(stage) {
      await signUpUser(stage.pool)
      const code = latestCodeFor(stage.pool, Username)
      await stage.client.send(new sdk.ResendConfirmationCodeCommand(asRider))
      return confirm(stage, code)
    },
    async GroupExistsException({ client }) {
      const command = new sdk.CreateGroupCommand(ofGroup)
      await client.send(command)
      return client.send(command)
    },
    InvalidParameterException: ({ client }) =>
      client.send(new sdk.ListUsersCommand({ UserPoolId, Filter: 'email > "a"' })),
    InvalidPasswordException: (stage) => signUp(stage, 'password1!'),
    async LimitExceededException({ pool, client }) {
      await createConfirmedUser(pool)
      for (const _ of Array.from({ length: 5 })) await requestPasswordReset(pool, Username)
      return client.send(new sdk.ForgotPasswordCommand(asRider))
    },
    async MFAMethodNotFoundException({ pool, client }) {
      const { AccessToken } = await createSignedInUser(pool)
      await enableTotpMfa(pool, AccessToken)
      const EmailMfaSettings = { Enabled: true }
      const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: false }
      await client.send(
        new sdk.SetUserMFAPreferenceCommand({
          AccessToken,
          EmailMfaSettings,
          SoftwareTokenMfaSettings,
        }),
      )
      const { ChallengeName, Session } = await client.send(
        new sdk.InitiateAuthCommand({
          ClientId,
          AuthFlow: 'USER_PASSWORD_AUTH',
          AuthParameters: passwords,
        }),
      )
      const ChallengeResponses = { USERNAME: Username, ANSWER: 'SMS_MFA' }
      return client.send(
        new sdk.RespondToAuthChallengeCommand({
          ClientId,
          ChallengeName,
          ChallengeResponses,
          Session,
        }),
      )
    },
    async NotAuthorizedException(stage) {
      await createConfirmedUser(stage.pool)
      return signIn(stage, wrongPassword)
    },
    async PasswordResetRequiredException(stage) {
      await createConfirmedUser(stage.pool)
      await stage.client.send(new sdk.AdminResetUserPasswordCommand(ofRider))
      return signIn(stage)
    },
    async RefreshTokenReuseException({ pool, client }) {
      const { RefreshToken } = await createSignedInUser(pool)
      const command = new sdk.GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken })
      await client.send(command)
      return client.send(command)
    },
    ResourceNotFoundException: ({ client }) =>
      client.send(new sdk.DescribeUserPoolCommand({ UserPoolId: 'us-east-1_Other' })),
    async SoftwareTokenMFANotFoundException({ pool, client }) {
      const { AccessToken } = await createSignedInUser(pool)
      return client.send(new sdk.AssociateSoftwareTokenCommand({ AccessToken }))
    },
    async UnsupportedOperationException({ pool, client }) {
      const { RefreshToken } = await createSignedInUser(pool)
      return client.send(
        new sdk.InitiateAuthCommand({
          ClientId,
          AuthFlow: 'REFRESH_TOKEN_AUTH',
          AuthParameters: { REFRESH_TOKEN: RefreshToken },
        }),
      )
    },
    async TooManyRequestsException(stage) {
      await signUpUser(stage.pool)
      return signUp(stage)
    },
    async UnsupportedTokenTypeException({ pool, client }) {
      const { AccessToken } = await createSignedInUser(pool)
      return client.send(new sdk.RevokeTokenCommand({ ClientId, Token: AccessToken }))
    },
    async UnsupportedUserStateException({ pool, client }) {
      await createConfirmedUser(pool)
      return client.send(new sdk.AdminCreateUserCommand({ ...ofRider, MessageAction: 'RESEND' }))
    },
    async UserNotConfirmedException(stage) {
      await signUpUser(stage.pool)
      return signIn(stage)
    },
    UserNotFoundException: ({ client }) => client.send(new sdk.AdminGetUserCommand(ofRider)),
    async UsernameExistsException(stage) {
      await signUpUser(stage.pool)
      return signUp(stage)
    },
    WebAuthnChallengeNotFoundException: (stage) => register(stage, { challenge: 'AAAA' }),
    WebAuthnClientMismatchException({ pool, client }) {
      const state = {
        nonce: pool.random.uuid(),
        sub: '',
        clientId: 'another',
        expiresAtMs: pool.clock.nowMs() + 1000,
      }
      return register({ pool, client }, {}, state)
    },
    WebAuthnConfigurationMissingException: startRegistrationOf,
    WebAuthnCredentialNotSupportedException: (stage) => register(stage, { type: 'webauthn.get' }),
    WebAuthnNotEnabledException: startRegistrationOf,
    WebAuthnOriginNotAllowedException: (stage) =>
      register(stage, { origin: 'https://evil.example' }),
    WebAuthnRelyingPartyMismatchException: (stage) =>
      register(stage, { relyingPartyId: 'evil.example' }),
  }

  async function startRegistrationOf({ pool, client }: Pick<Stage, 'pool' | 'client'>) {
    const { AccessToken } = await createSignedInUser(pool)
    return client.send(new sdk.StartWebAuthnRegistrationCommand({ AccessToken }))
  }

  /** @param state of the challenge, when it is another's */
  async function register(
    { pool, client }: Pick<Stage, 'pool' | 'client'>,
    ceremony: Ceremony,
    state?: object,
  ) {
    const { AccessToken } = await createSignedInUser(pool)
    const { sub } = requireStoredUser(pool, Username)
    const options = await startRegistration(pool, AccessToken)
    const challenge =
      state &&
      pool.stateCipher.encrypt('WebAuthn registration', { ...state, sub }).toString('base64url')
    const { response } = createPasskey(options, { ...ceremony, ...(challenge && { challenge }) })
    const Credential = JSON.parse(JSON.stringify(response))
    return client.send(new sdk.CompleteWebAuthnRegistrationCommand({ AccessToken, Credential }))
  }

  /** The settings that an error needs, where they differ from the usual ones. */
  const pools: Readonly<Record<string, Parameters<typeof start>>> = {
    AliasExistsException: [{ usernameModel: 'email' }],
    LimitExceededException: [{}, cognitoLimits],
    MFAMethodNotFoundException: [{ mfaFactors: withEmailMfa.mfaFactors }],
    RefreshTokenReuseException: [{ rotationGraceSeconds: 0 }],
    SoftwareTokenMFANotFoundException: [{ mfaConfiguration: 'OFF' }],
    TooManyRequestsException: [{}, noLimits, parseQuotas(['UserCreation=1'])],
    UnsupportedOperationException: [{ rotationGraceSeconds: 0 }],
    WebAuthnConfigurationMissingException: [
      { webAuthn: { ...withPasskeys.webAuthn, relyingPartyId: undefined } },
    ],
    WebAuthnNotEnabledException: [{ firstAuthFactors: new Set(['PASSWORD']) }],
  }

  test.each(Object.entries(refusals))(
    '%s: the SDK throws the class of that name',
    async (type, provoke) => {
      const stage = await start(...(pools[type] ?? []))
      const refused = await provoke(stage).catch((error: unknown) => error)

      expect(refused).toBeInstanceOf(findExceptionClass(type))
      expect(refused).toMatchObject({
        name: type,
        message: expect.stringMatching(/\S/),
        $fault: 'client',
        $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      })
    },
  )

  test('coverage: every error type of the pool is a class of the SDK', () => {
    const types = cognitoErrorTypes.filter((type) => !protocolErrors.has(type))

    expect(types.filter((type) => !findExceptionClass(type))).toEqual([])
    // Only a bug leads to InternalErrorException; tests/contract/triggers/ leads to those of triggers.
    expect(types.filter((type) => !Object.hasOwn(refusals, type))).toEqual([
      'InternalErrorException',
      'InvalidLambdaResponseException',
      'UnexpectedLambdaException',
      'UserLambdaValidationException',
    ])
  })

  test('AWS SDK: a protocol error is at least a CognitoIdentityProviderServiceException', async () => {
    const { client } = await start()
    const refused = await client
      .send(new sdk.CreateUserPoolCommand({ PoolName: 'another' }))
      .catch((error: unknown) => error)

    expect(refused).toBeInstanceOf(sdk.CognitoIdentityProviderServiceException)
    expect(refused).toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringContaining('no operation CreateUserPool'),
    })
  })
})

const exceptionClass = v.custom<new (...args: never[]) => Error>(
  (value) =>
    typeof value === 'function' &&
    value.prototype instanceof sdk.CognitoIdentityProviderServiceException,
)

function findExceptionClass(type: string) {
  const found = new Map<string, unknown>(Object.entries(sdk)).get(type)
  return v.is(exceptionClass, found) ? found : undefined
}
