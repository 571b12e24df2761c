/** What a template asks for and does not get here, for the terminal and the console. */

import { SettingsError } from '../../shared/settings-error.ts'
import { product } from '../product.ts'
import type { TemplateRemark } from './yaml-tree.ts'

export const noteKinds = ['passed-over', 'stood-in', 'warning'] as const
export type NoteKind = (typeof noteKinds)[number]

export interface TemplateNote {
  readonly kind: NoteKind
  /** of the first part that it is about */
  readonly line: number
  /** the parts, such as `LodgeWeb.CallbackURLs, LogoutURLs` */
  readonly subject: string
  /** what follows from it */
  readonly text: string
}

/** A resource by its logical name. */
export interface NamedResource {
  readonly id: string
  readonly line: number
}

/** An app client by its logical name. */
export interface NamedClient extends NamedResource {
  readonly clientId: string
}

export interface TemplateReport {
  readonly path: string
  readonly pool: NamedResource
  /** none when the template has none, and one with Cognito's defaults stands in */
  readonly clients: readonly NamedClient[]
  readonly groups: readonly NamedResource[]
  readonly notes: readonly TemplateNote[]
}

export const noteLabels = {
  'passed-over': 'Passed over',
  'stood-in': 'Stood in',
  warning: 'Warning',
} as const satisfies Record<NoteKind, string>

/** @returns lines for the terminal: the pool, its clients and groups, then a line for each note */
export function toReportLines({
  path,
  pool,
  clients,
  groups,
  notes,
}: TemplateReport): readonly string[] {
  const names = clients.map(toName).join(', ')
  const clientText =
    clients.length === 0
      ? 'a client with the defaults of Cognito'
      : `${clients.length === 1 ? 'client' : 'clients'} ${names}`
  const groupText =
    groups.length === 0
      ? ''
      : `, ${groups.length === 1 ? 'group' : 'groups'} ${groups.map(toName).join(', ')}`
  const isComplete = notes.every(({ kind }) => kind === 'warning')
  return [
    `${path}: pool ${toName(pool)}, ${clientText}${groupText}`,
    `Honored      ${isComplete ? 'all' : 'all else'}`,
    ...notes.map(
      ({ kind, subject, text }) => `${noteLabels[kind].padEnd(12)} ${subject} - ${text}`,
    ),
  ]
}

function toName({ id, line }: NamedResource): string {
  return `${id} (line ${line})`
}

/** One note in place of several of the same kind about one resource with the same consequence; by kind, then line. */
export function groupNotes(
  notes: readonly (Omit<TemplateNote, 'subject'> & { resource: string; path: string })[],
): readonly TemplateNote[] {
  const groups = new Map<string, { note: Omit<TemplateNote, 'subject'>; names: string[] }>()
  for (const { resource, path, ...note } of notes) {
    const key = JSON.stringify([note.kind, resource, note.text])
    // A stand-in has its own name, and stands in properties.
    const joint = note.kind === 'stood-in' ? ' in ' : '.'
    const name = [resource, path].filter((part) => part !== '').join(joint)
    const group = groups.get(key)
    if (!group) groups.set(key, { note, names: [name] })
    else if (!group.names.includes(path) && !group.names.includes(name)) group.names.push(path)
  }
  return [...groups.values()]
    .map(({ note, names }) => ({ ...note, subject: names.join(', ') }))
    .sort((a, b) => noteKinds.indexOf(a.kind) - noteKinds.indexOf(b.kind) || a.line - b.line)
}

/** @returns an error with a line for each problem: file and line, place, what is wrong */
export function toTemplateError(path: string, problems: readonly TemplateRemark[]): SettingsError {
  const lines = [...problems]
    .sort((a, b) => a.line - b.line)
    .map(({ line, place, text }) => `\n  ${path}:${line} ${place}: ${text}`)
  return new SettingsError(
    path,
    'settings that the local user pool honors',
    `See "Supported settings" in ${product.readme}.${[...new Set(lines)].join('')}`,
  )
}
