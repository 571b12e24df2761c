/** From the properties of a client, as a template or a request has them, to the settings that the pool works by. */

import type { ClientSettings, ExplicitAuthFlow, TokenValidity } from './settings.ts'
import {
  type ClientProperties,
  findFate,
  toTokenSeconds,
  userPoolClientProperties,
} from './settings-schema.ts'

/** Whether the pool works by a property of a client; others are only told. */
export function isHonored(property: string): boolean {
  return !findFate(userPoolClientProperties, property).isPassedOver
}

export function toClientSettings(
  client: ClientProperties,
): Omit<ClientSettings, 'userPoolClientId'> {
  const rotation = client.RefreshTokenRotation
  return {
    clientName: client.ClientName,
    clientHasSecret: client.GenerateSecret,
    preventsUserExistenceErrors: client.PreventUserExistenceErrors === 'ENABLED',
    explicitAuthFlows: toAuthFlows(client.ExplicitAuthFlows),
    readAttributes: client.ReadAttributes && new Set(client.ReadAttributes),
    writeAttributes: client.WriteAttributes && new Set(client.WriteAttributes),
    revokesTokens: client.EnableTokenRevocation,
    tokenValidity: toTokenValidity(client),
    accessTokenSeconds: toTokenSeconds(client, 'AccessToken'),
    idTokenSeconds: toTokenSeconds(client, 'IdToken'),
    refreshTokenSeconds: toTokenSeconds(client, 'RefreshToken'),
    authSessionSeconds: client.AuthSessionValidity * 60,
    rotationGraceSeconds:
      rotation?.Feature === 'ENABLED' ? rotation.RetryGracePeriodSeconds : undefined,
  }
}

/** The older names of flows have SRP, custom challenges and refresh beside them. */
function toAuthFlows(flows: ClientProperties['ExplicitAuthFlows']): ReadonlySet<ExplicitAuthFlow> {
  const found = new Set<ExplicitAuthFlow>()
  for (const flow of flows ?? []) {
    if (flow === 'CUSTOM_AUTH_FLOW_ONLY') continue
    if (flow === 'ADMIN_NO_SRP_AUTH') found.add('ALLOW_ADMIN_USER_PASSWORD_AUTH')
    else if (flow === 'USER_PASSWORD_AUTH') found.add('ALLOW_USER_PASSWORD_AUTH')
    else found.add(flow)
  }
  const hasDefaults = flows?.every((flow) => !flow.startsWith('ALLOW_')) ?? true
  if (!hasDefaults) return found
  if (!flows?.includes('CUSTOM_AUTH_FLOW_ONLY')) found.add('ALLOW_USER_SRP_AUTH')
  return found.add('ALLOW_REFRESH_TOKEN_AUTH').add('ALLOW_CUSTOM_AUTH')
}

const defaultRefreshTokenDays = 30

function toTokenValidity(client: ClientProperties): TokenValidity {
  const { AccessTokenValidity, IdTokenValidity, RefreshTokenValidity = 0 } = client
  const { AccessToken, IdToken, RefreshToken } = client.TokenValidityUnits
  const isDefault = RefreshTokenValidity === 0
  return {
    ...(AccessTokenValidity !== undefined && { AccessTokenValidity }),
    ...(IdTokenValidity !== undefined && { IdTokenValidity }),
    RefreshTokenValidity: isDefault ? defaultRefreshTokenDays : RefreshTokenValidity,
    TokenValidityUnits: {
      ...(AccessToken && { AccessToken }),
      ...(IdToken && { IdToken }),
      // The default is in days, whatever unit is named.
      ...(RefreshToken && !isDefault && { RefreshToken }),
    },
  }
}

/** @returns what a template says of a client, as a text that is the same for the same settings */
export function toTemplateText(settings: ClientSettings): string {
  const toList = (names: ReadonlySet<string> | undefined) => names && [...names].sort()
  const { clientName, clientHasSecret, preventsUserExistenceErrors, revokesTokens } = settings
  const { tokenValidity, authSessionSeconds, rotationGraceSeconds } = settings
  return JSON.stringify({
    clientName,
    clientHasSecret,
    preventsUserExistenceErrors,
    revokesTokens,
    tokenValidity,
    authSessionSeconds,
    rotationGraceSeconds,
    explicitAuthFlows: toList(settings.explicitAuthFlows),
    readAttributes: toList(settings.readAttributes),
    writeAttributes: toList(settings.writeAttributes),
  })
}
