/** Every operation that takes an access token, with the other members of a valid body. */
export const accessTokenOperations: readonly (readonly [operation: string, body: object])[] = [
  ['AssociateSoftwareToken', {}],
  ['ChangePassword', { PreviousPassword: 'Passw0rd!', ProposedPassword: 'N3w-Passw0rd!' }],
  ['DeleteUser', {}],
  ['DeleteUserAttributes', { UserAttributeNames: ['nickname'] }],
  ['GetUser', {}],
  ['GetUserAttributeVerificationCode', { AttributeName: 'email' }],
  ['GetUserAuthFactors', {}],
  ['GlobalSignOut', {}],
  ['SetUserMFAPreference', {}],
  ['UpdateUserAttributes', { UserAttributes: [{ Name: 'nickname', Value: 'Bucephalus' }] }],
  ['VerifySoftwareToken', { UserCode: '123456' }],
  ['VerifyUserAttribute', { AttributeName: 'email', Code: '123456' }],
]
