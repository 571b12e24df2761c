/** App clients as the operations that make, change and describe them have them. */

import * as v from 'valibot'
import type { AppClient } from './app-clients.ts'
import { isHonored, toTemplateText } from './client-settings.ts'
import { CognitoError } from './cognito-error.ts'
import type { JsonObject, OperationContext } from './context.ts'
import {
  findBrokenRules,
  findClientProblems,
  toProblemText,
  userPoolClientProperties,
  userPoolClientRules,
} from './settings-schema.ts'
import type { StoredAppClient } from './store/store.ts'

/** @throws {CognitoError} ResourceNotFoundException */
export function requireClient(clientId: string, { current }: OperationContext): AppClient {
  const client = current.clients().find(({ settings }) => settings.userPoolClientId === clientId)
  if (client) return client
  throw new CognitoError(
    'ResourceNotFoundException',
    `User pool client ${clientId} does not exist.`,
  )
}

/**
 * Holds a client to the rules that a template is held to.
 *
 * @param properties as CreateUserPoolClient and UpdateUserPoolClient take them
 * @param verb what is done with the client, as AWS says it
 * @throws {CognitoError} InvalidParameterException for the first rule that is broken; its detail says why
 */
export function assertClientProperties(
  properties: JsonObject,
  verb: 'creating' | 'updating',
  { settings }: OperationContext,
): void {
  const honored = Object.fromEntries(Object.entries(properties).filter(([name]) => isHonored(name)))
  const { success, output, issues } = v.safeParse(userPoolClientProperties, honored)
  if (!success) {
    const [{ message }] = issues
    throw new CognitoError('InvalidParameterException', `${v.getDotPath(issues[0])}: ${message}`)
  }
  const [problem] = [
    ...findBrokenRules(userPoolClientProperties, userPoolClientRules, output),
    ...findClientProblems(
      output,
      {
        attributes: settings.attributeSchema,
        tier: settings.tier,
        // Challenges that a trigger gives are the template's, and so is what is said of them.
        challenges: { areNamed: false, run: true },
      },
      verb,
    ),
  ]
  if (!problem) return
  throw new CognitoError('InvalidParameterException', problem.text, {
    detail: toProblemText(problem),
  })
}

/** Stores a client that was made or changed. */
export function saveClient(
  client: Omit<StoredAppClient, 'template' | 'modifiedAtMs'>,
  context: OperationContext,
): void {
  const { store, current, clock } = context
  const template = findTemplateText(client.clientId, context)
  current.change(() => store.saveAppClient({ ...client, template, modifiedAtMs: clock.nowMs() }))
}

/** Deletes a client and ends its sign-ins. One of the template stays deleted until the template changes it. */
export function deleteClient(clientId: string, context: OperationContext): void {
  const { store, current, clock } = context
  const template = findTemplateText(clientId, context)
  const nowMs = clock.nowMs()
  const times = { createdAtMs: nowMs, modifiedAtMs: nowMs }
  const deleted = { clientId, properties: undefined, clientSecret: undefined, template, ...times }
  current.change(() => {
    if (template === undefined) store.deleteAppClient(clientId)
    else store.saveAppClient(deleted)
  })
  store.revokeSessionsOfClient(clientId)
}

/** @returns what the template says of a client of its own */
function findTemplateText(clientId: string, { current }: OperationContext): string | undefined {
  const settings = current.templateClients.find((one) => one.userPoolClientId === clientId)
  return settings && toTemplateText(settings)
}

/** @returns the API's UserPoolClientType; dates are epoch seconds */
export function toClientType(
  { settings, clientSecret, shown, madeAt }: AppClient,
  { createdAtMs }: OperationContext,
) {
  const { readAttributes, writeAttributes, rotationGraceSeconds } = settings
  const made = madeAt ?? { createdAtMs, modifiedAtMs: createdAtMs }
  return {
    AllowedOAuthFlowsUserPoolClient: false,
    EnablePropagateAdditionalUserContextData: false,
    ...shown,
    UserPoolId: settings.userPoolId,
    ClientName: settings.clientName,
    ClientId: settings.userPoolClientId,
    ...(clientSecret !== undefined && { ClientSecret: clientSecret }),
    LastModifiedDate: made.modifiedAtMs / 1000,
    CreationDate: made.createdAtMs / 1000,
    ...settings.tokenValidity,
    ...(readAttributes && { ReadAttributes: [...readAttributes] }),
    ...(writeAttributes && { WriteAttributes: [...writeAttributes] }),
    ExplicitAuthFlows: [...settings.explicitAuthFlows],
    PreventUserExistenceErrors: settings.preventsUserExistenceErrors ? 'ENABLED' : 'LEGACY',
    EnableTokenRevocation: settings.revokesTokens,
    AuthSessionValidity: settings.authSessionSeconds / 60,
    RefreshTokenRotation:
      rotationGraceSeconds === undefined
        ? { Feature: 'DISABLED' }
        : { Feature: 'ENABLED', RetryGracePeriodSeconds: rotationGraceSeconds },
  }
}
