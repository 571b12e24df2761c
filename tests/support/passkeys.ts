/** Registers passkeys with a pool. */

import * as v from 'valibot'
import type { UserPoolSettings } from '../../src/local-cloud/user-pool/settings.ts'
import type { ApiResponse, CallablePool } from './cognito-api.ts'
import { expectSuccess } from './cognito-api.ts'
import { type Ceremony, createPasskey, type Passkey } from './software-authenticator.ts'

/** A pool in which passkeys are a factor, for sites on this machine. */
export const withPasskeys = {
  explicitAuthFlows: new Set(['ALLOW_USER_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH']),
  firstAuthFactors: new Set(['PASSWORD', 'WEB_AUTHN']),
  webAuthn: {
    relyingPartyId: 'localhost',
    userVerification: 'preferred',
    factorConfiguration: 'SINGLE_FACTOR',
  },
} as const satisfies Partial<UserPoolSettings>

const started = v.object({ CredentialCreationOptions: v.record(v.string(), v.unknown()) })

/** @returns CredentialCreationOptions */
export async function startRegistration(pool: CallablePool, AccessToken: string) {
  const response = await pool.call('StartWebAuthnRegistration', { AccessToken })
  expectSuccess(response)
  return v.parse(started, response.body).CredentialCreationOptions
}

export function completeRegistration(
  pool: CallablePool,
  AccessToken: string,
  Credential: unknown,
): Promise<ApiResponse> {
  return pool.call('CompleteWebAuthnRegistration', { AccessToken, Credential })
}

/** Makes a passkey and adds it to the user. */
export async function addPasskey(
  pool: CallablePool,
  AccessToken: string,
  ceremony: Ceremony & { algorithm?: 'ES256' | 'RS256' } = {},
): Promise<Passkey> {
  const { passkey, response } = createPasskey(await startRegistration(pool, AccessToken), ceremony)
  expectSuccess(await completeRegistration(pool, AccessToken, response))
  return passkey
}
