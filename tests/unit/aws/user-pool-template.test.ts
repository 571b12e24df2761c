/** The parameters of user-pool.yaml and the pool that each value makes. */

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseTemplate } from '../../../src/local-cloud/user-pool/cloudformation-template.ts'
import { cognitoLimits } from '../../../src/local-cloud/user-pool/limits.ts'
import { readSettings } from '../../../src/local-cloud/user-pool/settings.ts'
import { templatePath } from '../../support/template-text.ts'

function readWith(parameters: Readonly<Record<string, string>>) {
  return readSettings(parseTemplate(readFileSync(templatePath, 'utf8'), templatePath, parameters))
}

describe('user-pool.yaml', () => {
  test('user-pool.yaml: the defaults make the pool that the documentation promises', () => {
    expect(readWith({})).toMatchObject({
      usernameModel: 'email',
      caseSensitive: false,
      verifiesEmailBeforeUpdate: true,
      allowsSignUp: true,
      mfaConfiguration: 'OPTIONAL',
      deletionProtection: 'ACTIVE',
      clientHasSecret: false,
      preventsUserExistenceErrors: true,
      explicitAuthFlows: new Set(['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH']),
      writeAttributes: new Set(['email']),
      revokesTokens: true,
      accessTokenSeconds: 3600,
      idTokenSeconds: 3600,
      refreshTokenSeconds: 86_400,
    })
  })

  test.each([
    ['SignIn', 'username', { usernameModel: 'username' }],
    ['Mfa', 'OFF', { mfaConfiguration: 'OFF' }],
    ['Mfa', 'ON', { mfaConfiguration: 'ON' }],
    ['Tier', 'LITE', {}],
    [
      'RotateRefreshTokens',
      'ON',
      {
        rotationGraceSeconds: 10,
        explicitAuthFlows: new Set(['ALLOW_USER_SRP_AUTH']),
      },
    ],
    ['UserPoolName', 'Riders', { userPoolName: 'Riders' }],
    ['SenderArn', 'arn:aws:ses:us-east-1:000000000000:identity/example.com', {}],
  ])('user-pool.yaml: %s=%s is a pool that the local cloud supports', (name, value, settings) => {
    expect(readWith({ [name]: value })).toMatchObject(settings)
  })

  test('user-pool.yaml: the emails carry the code alone, or a link with the code', () => {
    const linked = readWith({ SiteUrl: 'https://rides.example.com' })

    expect(readWith({}).verificationEmail.text).not.toContain('http')
    expect(readWith({}).invitationEmail.text).not.toContain('http')
    expect(linked.verificationEmail.text).toContain(
      '<a href="https://rides.example.com/verify.html#code={####}">',
    )
    expect(linked.invitationEmail.text).toContain(
      '<a href="https://rides.example.com/signin.html">',
    )
  })

  test('user-pool.yaml: in every email the code stands alone on its line, and its lifetime is given', () => {
    for (const parameters of [{}, { SiteUrl: 'https://rides.example.com' }]) {
      const { verificationEmail, invitationEmail, temporaryPasswordDays } = readWith(parameters)
      const { codeSeconds } = cognitoLimits

      for (const { text } of [verificationEmail, invitationEmail]) {
        expect(text).toContain('<h2>{####}</h2>')
      }
      expect(invitationEmail.text).toContain('<h2>{username}</h2>')
      expect(invitationEmail.text).toContain(`works for ${temporaryPasswordDays} days`)
      expect(codeSeconds['sign-up']).toBe(codeSeconds.attribute)
      expect(verificationEmail.text).toContain(
        `works for ${codeSeconds.attribute / 3600} hours, or for ${codeSeconds['password-reset'] / 3600} hour if`,
      )
    }
  })
})
