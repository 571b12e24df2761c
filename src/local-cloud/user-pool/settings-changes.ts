/**
 * What SetUserPoolMfaConfig and AddCustomAttributes have changed of the settings. It is kept in the store, over the
 * template: a change of MFA holds until the template's own value changes, an added attribute as long as the store.
 */

import * as v from 'valibot'
import { type AttributeRule, attributeTypes } from './attribute-schema.ts'
import { type MfaConfiguration, mfaConfigurations, type UserPoolSettings } from './settings.ts'
import { storedChangesName } from './store/store.ts'

const attributeRule = v.object({
  type: v.picklist(attributeTypes),
  mutable: v.boolean(),
  min: v.nullable(v.number()),
  max: v.nullable(v.number()),
})
const mfaChange = v.object({
  mfaConfiguration: v.picklist(mfaConfigurations),
  usesSoftwareTokens: v.boolean(),
})
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
  store.writeSecret(storedChangesName, JSON.stringify({ ...changes, customAttributes }))
}

export function changeMfa(
  wanted: { mfaConfiguration: MfaConfiguration; usesSoftwareTokens: boolean },
  { store, current }: ChangeablePool,
): void {
  const mfa = { template: toMfaChange(templateSettings), current }
  store.writeSecret(storedChangesName, JSON.stringify({ ...readChanges({ store }), mfa }))
}

function readChanges({ store }: Pick<UserPool, 'store'>): Changes {
  const stored = store.readSecret(storedChangesName)
  return stored === undefined ? noChanges : v.parse(storedChanges, JSON.parse(stored))
}

function toMfaChange({ mfaConfiguration, mfaFactors }: UserPoolSettings) {
  return { mfaConfiguration, usesSoftwareTokens: mfaFactors.has('SOFTWARE_TOKEN_MFA') }
}

function toMfaSettings(
  settings: UserPoolSettings,
  { mfa }: Changes,
): Partial<Pick<UserPoolSettings, 'mfaConfiguration' | 'mfaFactors'>> {
  const { mfaConfiguration, usesSoftwareTokens } = toMfaChange(settings)
  const isOfThisTemplate =
    mfa?.template.mfaConfiguration === mfaConfiguration &&
    mfa.template.usesSoftwareTokens === usesSoftwareTokens
  if (!isOfThisTemplate) return {}
  const mfaFactors = new Set(settings.mfaFactors)
  if (mfa.current.usesSoftwareTokens) mfaFactors.add('SOFTWARE_TOKEN_MFA')
  else mfaFactors.delete('SOFTWARE_TOKEN_MFA')
  return { mfaConfiguration: mfa.current.mfaConfiguration, mfaFactors }
}

function toAttributeRule({
  type,
  mutable,
  min,
  max,
}: v.InferOutput<typeof attributeRule>): AttributeRule {
  return { type, required: false, mutable, min: min ?? undefined, max: max ?? undefined }
}
