/** Every operation that takes an access token, with the other members of a valid body. */
export const accessTokenOperations: readonly (readonly [operation: string, body: object])[] = [
  ['AssociateSoftwareToken', {}],
  ['ChangePassword', { PreviousPassword: 'Passw0rd!', ProposedPassword: 'N3w-Passw0rd!' }],
  ['CompleteWebAuthnRegistration', { Credential: {} }],
  ['DeleteUser', {}],
  ['DeleteUserAttributes', { UserAttributeNames: ['nickname'] }],
  ['DeleteWebAuthnCredential', { CredentialId: 'AAAA' }],
  ['GetUser', {}],
  ['GetUserAttributeVerificationCode', { AttributeName: 'email' }],
  ['GetUserAuthFactors', {}],
  ['GlobalSignOut', {}],
  ['ListWebAuthnCredentials', {}],
  ['SetUserMFAPreference', {}],
  ['StartWebAuthnRegistration', {}],
  ['UpdateUserAttributes', { UserAttributes: [{ Name: 'nickname', Value: 'Bucephalus' }] }],
  ['VerifySoftwareToken', { UserCode: '123456' }],
  ['VerifyUserAttribute', { AttributeName: 'email', Code: '123456' }],
]
