/** Mutations of request bodies: mistakes and attacks, chosen by a seeded random source. */

import { N } from '../../../src/local-cloud/user-pool/srp/group.ts'
import type { SeededRandom } from './seeded-random.ts'

export type Json = null | boolean | number | string | Json[] | JsonMembers
export interface JsonMembers {
  [name: string]: Json
}

/** A place in a body where something can be changed. */
interface Place {
  readonly name: string
  readonly value: Json
  readonly owner: JsonMembers | Json[]
}

/** Mutates a body. @returns JSON text, some of which `JSON.stringify` could not write */
export function mutate(body: JsonMembers, random: SeededRandom): string {
  const changed = structuredClone(body)
  const count = 1 + random.below(4)
  let finish = (text: string) => text
  for (let index = 0; index < count; index += 1) {
    const places = findPlaces(changed)
    if (places.length === 0) break
    const place = random.pick(places)
    if (random.chance(0.08)) finish = doubleMember(place.name)
    else random.pick(mutations)(place, random)
  }
  return finish(JSON.stringify(changed))
}

function findPlaces(value: Json): readonly Place[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => [
    { name, value: member, owner: value },
    ...findPlaces(member),
  ])
}

/** Writes a member twice, which `JSON.stringify` cannot. */
function doubleMember(name: string): (text: string) => string {
  const written = `${JSON.stringify(name)}:`
  return (text) => text.replace(written, () => `${written}"first",${written}`)
}

/** Sets a member as JSON.parse does: `__proto__` becomes an own property, and arrays get indices only. */
function put(owner: JsonMembers | Json[], name: string, value: Json): void {
  const place = Array.isArray(owner) && !/^\d+$/.test(name) ? String(owner.length) : name
  Object.defineProperty(owner, place, {
    value: structuredClone(value),
    enumerable: true,
    configurable: true,
    writable: true,
  })
}

function drop({ owner, name }: Place): void {
  if (Array.isArray(owner)) owner.splice(Number(name), 1)
  else delete owner[name]
}

const mutations: readonly ((place: Place, random: SeededRandom) => void)[] = [
  drop,
  (place, random) => {
    drop(place)
    put(place.owner, random.pick(inheritedNames), place.value)
  },
  ({ owner }, random) => put(owner, random.pick(oddNames), random.pick(oddValues)),
  ({ owner, name }, random) => put(owner, name, random.pick(oddValues)),
  ({ owner, name }, random) => put(owner, name, random.pick(oddValues)),
  ({ owner, name }, random) => put(owner, name, random.pick(publicKeys)),
  ({ owner, name, value }) => put(owner, name, [value]),
  ({ owner, name, value }) => put(owner, name, { [name]: value }),
  ({ owner, name, value }, random) => put(owner, name, spoil(toText(value), random)),
  ({ owner, name }, random) => put(owner, name, 'x'.repeat(random.below(64 * 1024))),
]

function toText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Changes a text in the middle, so that it looks right at first. */
function spoil(text: string, random: SeededRandom): string {
  const at = random.below(text.length + 1)
  const piece = random.pick([
    '',
    'x',
    '0',
    '=',
    '.',
    ' ',
    '\u0000',
    '\ud800',
    'é',
    '🦄',
    '\n',
    '%00',
  ])
  return `${text.slice(0, at)}${piece}${text.slice(at + random.below(3))}`
}

/** Names that cannot be user names, so that a password moved to one of them is not stored as a name. */
const inheritedNames = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '__type',
  '',
]

const oddNames = [
  ...inheritedNames,
  ...['username', 'USERNAME', 'Username', 'Name', 'Value', 'Password', 'Session', 'AccessToken'],
]

const oddValues: readonly Json[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, 2 ** 53, -(2 ** 63)],
  ...['', ' ', '-1', '9'.repeat(400), '1e999', 'NaN', 'null', '0x10', 'abc', 'a'.repeat(769)],
  ...['\ud800', '\udc00x', '\u0000', 'a\u0000b', '\ufeff', '\u202e', '../../../etc/passwd'],
  ...['__proto__', 'constructor', "' OR 1=1 --", '<script>alert(1)</script>', '%', '_'],
  [],
  [[[[[[]]]]]],
  [null],
  {},
  { ['__proto__']: { isAdmin: true } },
  { constructor: { prototype: {} } },
]

/** Values of SRP_A that are insecure or unusual. */
const publicKeys: readonly string[] = [
  ...['0', '00', N.toString(16), (2n * N).toString(16), (N - 1n).toString(16), '1', '-1'],
  ...['f'.repeat(10_240), 'f'.repeat(768), 'f'.repeat(767), `00${'f'.repeat(768)}`, '0x02', 'zz'],
]
