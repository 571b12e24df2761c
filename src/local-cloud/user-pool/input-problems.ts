/** What is wrong with what a person has written by hand, in their words. */

import type * as v from 'valibot'
import { didYouMean } from './did-you-mean.ts'

/**
 * @param objects schemas with the members that there are, for names that may be misspelled
 * @returns one line for each problem, with its place, such as `users.1.password: expected a text`; without what was
 *   received, which may be a password
 */
export function toProblems(
  issues: readonly v.BaseIssue<unknown>[],
  objects: readonly { readonly entries: Readonly<Record<string, unknown>> }[],
): readonly string[] {
  const known = objects.flatMap(({ entries }) => Object.keys(entries))
  return issues.map((issue) => `${toPlace(issue)}: ${toProblem(issue, known)}`)
}

function toPlace({ path }: v.BaseIssue<unknown>): string {
  return path?.map(({ key }) => String(key)).join('.') ?? 'the whole'
}

function toProblem(
  { kind, type, message, expected, received, path }: v.BaseIssue<unknown>,
  known: readonly string[],
): string {
  if (type === 'strict_object' && expected === 'never') {
    return `there is no such member${didYouMean(String(path?.at(-1)?.key), known)}`
  }
  if (type === 'strict_object' && received === 'undefined') return 'it is missing'
  const typeName = kind === 'schema' ? typeNames.get(type) : undefined
  return typeName === undefined ? message : `expected ${typeName}`
}

const typeNames: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['record', 'an object'],
  ['strict_object', 'an object'],
])
