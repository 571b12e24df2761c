/**
 * The groups of the template. A start makes them, and writes over a group of the same name. What is changed of them at run
 * time, and that they are deleted, holds until the template says something else of them. A group that the template
 * has no more stays, with its members.
 */

import { isDeepStrictEqual } from 'node:util'
import * as v from 'valibot'
import type { Clock } from '../ports.ts'
import { type Store, storedNames, type UserGroup } from './store/store.ts'

/** A group as the template has it. */
export type TemplateGroup = Pick<UserGroup, 'name' | 'description' | 'roleArn' | 'precedence'>

/** What the template said at the last start. */
const storedGroups = v.array(
  v.object({
    name: v.string(),
    description: v.optional(v.string()),
    roleArn: v.optional(v.string()),
    precedence: v.optional(v.number()),
  }),
)

export function applyTemplateGroups(
  groups: readonly TemplateGroup[],
  { store, clock }: { store: Store; clock: Clock },
): void {
  const stored = store.readSecret(storedNames.templateGroups)
  // As JSON has it, without what is undefined.
  const wanted = v.parse(storedGroups, JSON.parse(JSON.stringify(groups)))
  const before = stored === undefined ? [] : v.parse(storedGroups, JSON.parse(stored))
  if (isDeepStrictEqual(before, wanted)) return
  store.transaction(() => {
    for (const group of wanted) {
      if (before.some((one) => isDeepStrictEqual(one, group))) continue
      const { name, description, roleArn, precedence } = group
      const nowMs = clock.nowMs()
      const existing = store.findGroup(name)
      const createdAtMs = existing?.createdAtMs ?? nowMs
      const made = { name, description, roleArn, precedence, createdAtMs, modifiedAtMs: nowMs }
      if (existing) store.updateGroup(made)
      else store.insertGroup(made)
    }
    store.writeSecret(storedNames.templateGroups, JSON.stringify(wanted))
  })
}
