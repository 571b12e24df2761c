/** The parameters of user-pool.yaml and the pool that each value makes. */

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseTemplate } from '../../../src/local-cloud/user-pool/cloudformation-template.ts'
import { cognitoLimits } from '../../../src/local-cloud/user-pool/limits.ts'
import { localParameters } from '../../../src/local-cloud/user-pool/local-pool.ts'
import { readSettings } from '../../../src/local-cloud/user-pool/read-settings.ts'
import { templatePath } from '../../support/template-text.ts'

function readWith(parameters: Readonly<Record<string, string>>) {
  const text = readFileSync(templatePath, 'utf8')
  return readSettings(parseTemplate(text, templatePath, { parameters }), { isStrict: true })
    .settings
}

describe('user-pool.yaml', () => {
  test('user-pool.yaml: the defaults make the pool that the documentation promises', () => {
    expect(readWith({})).toMatchObject({
      usernameModel: 'email',
      caseSensitive: false,
      verifiedBeforeUpdate: new Set(['email'] as const),
      allowsSignUp: true,
      mfaConfiguration: 'OPTIONAL',
      deletionProtection: 'ACTIVE',
      clientHasSecret: false,
      preventsUserExistenceErrors: true,
      explicitAuthFlows: new Set(['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH']),
      writeAttributes: new Set(['email', 'locale']),
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

  const passkeyDomain = { PasskeyDomain: 'www.example.com' }
  const sender = {
    SenderArn: 'arn:aws:ses:us-east-1:000000000000:identity/example.com',
    Sender: 'Wild Rydes <hello@example.com>',
  }
  const srp = ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH']

  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['nothing more', {}, ['PASSWORD']],
    ['PasskeyDomain', passkeyDomain, ['PASSWORD', 'WEB_AUTHN']],
    ['a sender', sender, ['PASSWORD', 'EMAIL_OTP']],
    ['both', { ...passkeyDomain, ...sender }, ['PASSWORD', 'EMAIL_OTP', 'WEB_AUTHN']],
    ['Passkeys OFF', { ...passkeyDomain, ...sender, Passkeys: 'OFF' }, ['PASSWORD', 'EMAIL_OTP']],
    [
      'EmailCodes OFF',
      { ...passkeyDomain, ...sender, EmailCodes: 'OFF' },
      ['PASSWORD', 'WEB_AUTHN'],
    ],
    ['Mfa ON', { ...passkeyDomain, ...sender, Mfa: 'ON' }, ['PASSWORD', 'WEB_AUTHN']],
    ['Mfa ON and no passkeys', { ...sender, Mfa: 'ON' }, ['PASSWORD']],
    ['Tier LITE', { ...passkeyDomain, ...sender, Tier: 'LITE' }, ['PASSWORD']],
    ['what the local cloud gives it', localParameters, ['PASSWORD', 'EMAIL_OTP', 'WEB_AUTHN']],
  ])('user-pool.yaml: with %s riders sign in by %j', (_, parameters, factors) => {
    const settings = readWith(parameters)

    expect([...settings.firstAuthFactors]).toEqual(factors)
    expect(settings.explicitAuthFlows).toEqual(
      new Set(factors.length > 1 ? ['ALLOW_USER_AUTH', ...srp] : srp),
    )
  })

  test('user-pool.yaml: passkeys are for the domain, ask for user verification, and count as MFA where there is any', () => {
    expect(readWith(passkeyDomain).webAuthn).toEqual({
      relyingPartyId: 'www.example.com',
      userVerification: 'required',
      factorConfiguration: 'MULTI_FACTOR_WITH_USER_VERIFICATION',
    })
    expect(readWith({ ...passkeyDomain, Mfa: 'OFF' }).webAuthn.factorConfiguration).toBe(
      'SINGLE_FACTOR',
    )
    expect(readWith({}).webAuthn.relyingPartyId).toBeUndefined()
    expect(readWith(localParameters).webAuthn.relyingPartyId).toBe('localhost')
  })

  test('user-pool.yaml: no setting switches MFA by email on', () => {
    expect([...readWith({ ...passkeyDomain, ...sender }).mfaFactors]).toEqual([
      'SOFTWARE_TOKEN_MFA',
    ])
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
