/** What the ride page says about rides and places. */

import { pageLanguage, t } from '../i18n/t.ts'
import type { Bearing, Direction, Location, Place } from './places.ts'
import type { AcceptedRide } from './ride-storage.ts'

/** What the updates say once a ride is accepted. */
export function describeRide({ unicorn: { name, color }, hasEta }: AcceptedRide, leftMs: number) {
  const values = { name, color: describeColor(color), time: formatTimeLeft(leftMs) }
  return hasEta
    ? t('{name}, your {color} unicorn, is on the way and arrives in {time}.', values)
    : t('{name}, your {color} unicorn, is on the way.', values)
}

const colors: ReadonlyMap<string, string> = new Map([
  ['White', t('White')],
  ['Silver', t('Silver')],
  ['Chestnut', t('Chestnut')],
  ['Piebald', t('Piebald')],
  ['Copper', t('Copper')],
  ['Dapple grey', t('Dapple grey')],
  ['Midnight blue', t('Midnight blue')],
  ['Golden', t('Golden')],
])

/** @param color as the ride API has it, in English: one that nobody has translated stays */
export function translateColor(color: string): string {
  return colors.get(color) ?? color
}

/**
 * The same inside of a sentence, where it is lowercase but in German, which has nouns such as "Apfelschimmel". One that
 * nobody has translated stays here too.
 */
export function describeColor(color: string): string {
  const translated = translateColor(color)
  const isName = pageLanguage !== 'de' && colors.has(color)
  return isName ? translated.toLowerCase() : translated
}

/** What the card says meanwhile. */
export function describeArrival({ hasEta }: AcceptedRide, leftMs: number): string {
  return hasEta ? t('Arrives in {time}', { time: formatTimeLeft(leftMs) }) : t('On the way')
}

/** Such as "30 seconds", and from two minutes on "3 minutes". */
function formatTimeLeft(leftMs: number): string {
  const seconds = Math.ceil(leftMs / 1000)
  const isShort = seconds < 120
  return new Intl.NumberFormat(pageLanguage, {
    style: 'unit',
    unit: isShort ? 'second' : 'minute',
    unitDisplay: 'long',
  }).format(isShort ? seconds : Math.ceil(seconds / 60))
}

const placeKinds = {
  district: t('part of town'),
  landmark: t('landmark'),
  park: t('park'),
  water: t('water'),
} as const satisfies Record<Place['kind'], string>

/** Such as "Fremont (part of town)". */
export function describePlace({ name, kind }: Place): string {
  return t('{name} ({kind})', { name, kind: placeKinds[kind] })
}

type Distance = { readonly distance: string; readonly place: string }

const bearings = {
  north: (values: Distance) => t('{distance} north of {place}', values),
  'north-east': (values: Distance) => t('{distance} north-east of {place}', values),
  east: (values: Distance) => t('{distance} east of {place}', values),
  'south-east': (values: Distance) => t('{distance} south-east of {place}', values),
  south: (values: Distance) => t('{distance} south of {place}', values),
  'south-west': (values: Distance) => t('{distance} south-west of {place}', values),
  west: (values: Distance) => t('{distance} west of {place}', values),
  'north-west': (values: Distance) => t('{distance} north-west of {place}', values),
} as const satisfies Record<Direction, (values: Distance) => string>

/** metres: nearer than the first is at a place; farther than the second, a place says nothing */
const [atMetres, farMetres] = [100, 20_000]

/** Such as "Fremont", "400 m east of Fremont", "47.60621, -122.33207". */
export function describeLocation({ latitude, longitude }: Location, nearest: Bearing): string {
  const { place, metres, direction } = nearest
  if (metres > farMetres) return `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`
  if (metres < atMetres) return place.name
  return bearings[direction]({ distance: formatDistance(metres), place: place.name })
}

function formatDistance(metres: number): string {
  const rounded = Math.round(metres / 50) * 50
  const isShort = rounded < 1000
  return new Intl.NumberFormat(pageLanguage, {
    style: 'unit',
    unit: isShort ? 'meter' : 'kilometer',
    maximumFractionDigits: 1,
  }).format(isShort ? rounded : metres / 1000)
}
