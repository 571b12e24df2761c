/**
 * What SetUserPoolMfaConfig and AddCustomAttributes have changed of the settings. It is kept in the store, over the
 * template: a change of MFA holds until the template's own value changes, an added attribute as long as the store.
 */

import * as v from 'valibot'
import { type AttributeRule, attributeTypes } from './attribute-schema.ts'
import { type MfaFactor, mfaConfigurations, type UserPoolSettings } from './settings.ts'
import { type Store, storedNames } from './store/store.ts'

const attributeRule = v.object({
  type: v.picklist(attributeTypes),
  mutable: v.boolean(),
  min: v.nullable(v.number()),
  max: v.nullable(v.number()),
})
const mfaChange = v.object({
  mfaConfiguration: v.picklist(mfaConfigurations),
  usesSoftwareTokens: v.boolean(),
  // Older stores know nothing of SMS.
  usesSms: v.optional(v.boolean(), false),
  sendsSms: v.optional(v.boolean(), false),
  signInSms: v.optional(v.string(), ''),
})
type MfaChange = v.InferOutput<typeof mfaChange>
const storedChanges = v.object({
  customAttributes: v.array(v.tuple([v.string(), attributeRule])),
  mfa: v.nullable(v.object({ template: mfaChange, current: mfaChange })),
})
type Changes = v.InferOutput<typeof storedChanges>

const noChanges: Changes = { customAttributes: [], mfa: null }

/** @returns the template's settings with what was changed since; the template's own when nothing was */
export function applyChanges(settings: UserPoolSettings, changes: Changes): UserPoolSettings {
  if (changes === noChanges) return settings
  const added = changes.customAttributes
    .filter(([name]) => !settings.attributeSchema.has(name))
    .map(([name, rule]) => [name, toAttributeRule(rule)] as const)
  return {
    ...settings,
    attributeSchema: new Map([...settings.attributeSchema, ...added]),
    ...toMfaSettings(settings, changes),
  }
}

/** What of a pool a change needs. */
interface ChangeablePool {
  readonly store: Store
  readonly current: { readonly template: UserPoolSettings; change(write: () => void): void }
}

/** @param rules of the new attributes, by their name with `custom:` */
export function addCustomAttributes(
  rules: readonly (readonly [name: string, rule: AttributeRule])[],
  { store, current }: ChangeablePool,
): void {
  const changes = readChanges(store)
  const added = rules.map(([name, { type, mutable, min, max }]): Changes['customAttributes'][0] => [
    name,
    { type, mutable, min: min ?? null, max: max ?? null },
  ])
  const customAttributes = [...changes.customAttributes, ...added]
  current.change(() =>
    store.writeSecret(
      storedNames.settingsChanges,
      JSON.stringify({ ...changes, customAttributes }),
    ),
  )
}

export function changeMfa(wanted: MfaChange, { store, current }: ChangeablePool): void {
  const mfa = { template: toMfaChange(current.template), current: wanted }
  current.change(() =>
    store.writeSecret(storedNames.settingsChanges, JSON.stringify({ ...readChanges(store), mfa })),
  )
}

export function readChanges(store: Store): Changes {
  const stored = store.readSecret(storedNames.settingsChanges)
  return stored === undefined ? noChanges : v.parse(storedChanges, JSON.parse(stored))
}

function toMfaChange({
  mfaConfiguration,
  mfaFactors,
  sendsSms,
  signInSms,
}: UserPoolSettings): MfaChange {
  return {
    mfaConfiguration,
    usesSoftwareTokens: mfaFactors.has('SOFTWARE_TOKEN_MFA'),
    usesSms: mfaFactors.has('SMS_MFA'),
    sendsSms,
    signInSms,
  }
}

function toMfaSettings(
  settings: UserPoolSettings,
  { mfa }: Changes,
): Partial<Pick<UserPoolSettings, 'mfaConfiguration' | 'mfaFactors' | 'sendsSms' | 'signInSms'>> {
  const template = toMfaChange(settings)
  const isOfThisTemplate =
    mfa?.template.mfaConfiguration === template.mfaConfiguration &&
    mfa.template.usesSoftwareTokens === template.usesSoftwareTokens &&
    mfa.template.usesSms === template.usesSms
  if (!isOfThisTemplate) return {}
  const { current } = mfa
  const mfaFactors = new Set(settings.mfaFactors)
  const turn = (factor: MfaFactor, isOn: boolean) =>
    isOn ? mfaFactors.add(factor) : mfaFactors.delete(factor)
  turn('SOFTWARE_TOKEN_MFA', current.usesSoftwareTokens)
  turn('SMS_MFA', current.usesSms)
  return {
    mfaConfiguration: current.mfaConfiguration,
    mfaFactors,
    sendsSms: settings.sendsSms || current.sendsSms,
    signInSms: current.signInSms || settings.signInSms,
  }
}

function toAttributeRule({
  type,
  mutable,
  min,
  max,
}: v.InferOutput<typeof attributeRule>): AttributeRule {
  return { type, required: false, mutable, min: min ?? undefined, max: max ?? undefined }
}
