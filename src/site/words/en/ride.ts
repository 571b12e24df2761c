/** What the ride page says of its own. */

import type { Bearing, Direction, Location, Place } from '../../ride/places.ts'
import type { Ride, RideErrorCode } from '../../ride/ride-api-client.ts'

const pronouns = {
  female: { possessive: 'her', object: 'her' },
  male: { possessive: 'his', object: 'him' },
  unknown: { possessive: 'its', object: 'it' },
} as const

export const rideWords = {
  tokenCopied: 'The token is copied.',
  accessTokenCopied: 'The access token is copied.',
  headerCopied: 'The Authorization header is copied.',
  curlCopied: 'The curl line is copied.',
  selected: 'It is selected: copy it with your keyboard or menu.',
  timeLeft: (seconds: number) => `${Math.floor(seconds / 60)} min ${seconds % 60} s`,
  tokenExpired: 'expired',

  noPickup: 'none chosen yet',
  pickupMissing: 'Choose a pick-up place first',
  mapMissing: 'The map cannot be shown. Choose a place from the list, or load the page again.',
  tilesMissing:
    'Parts of the map cannot be loaded. You can choose a place from the list all the same.',
  locating: 'Looking for your position…',
  located: 'Your position is the pick-up now.',
  notLocated: 'Your position could not be found. Choose a place on the map or from the list.',
  outsideCity: 'Your position is outside of the city. Choose a place on the map or from the list.',

  requesting: 'Sending for a unicorn…',
  onItsWay({ unicorn: { name, color, gender }, eta }: Ride): string {
    const { possessive, object } = pronouns[gender ?? 'unknown']
    const promise = eta === undefined ? '' : ` Expect ${object} in ${eta}.`
    return `${name}, your ${color.toLowerCase()} unicorn, is on ${possessive} way.${promise}`
  },
  arrived: ({ unicorn }: Ride) => `${unicorn.name} has arrived. Giddy up!`,
  refused: (reason: string) => `${reason} Your pick-up is kept.`,
  interrupted: 'You left the page before an answer came. A unicorn may be on its way.',
} as const

export const rideErrorWords = {
  'blocked-by-cors':
    'The ride service does not take requests from this site. Only the operator of this site can change that.',
  'blocked-by-policy':
    'The security headers of this site keep it from the ride service. Ask the operator of this site.',
  forbidden: 'Your account may not send for unicorns. Ask the operator of this site.',
  network: 'The ride service could not be reached. Check your connection and try again.',
  offline: 'You seem to be offline. Try again when you have a connection.',
  'place-refused': 'The ride service does not go to this place. Choose another one.',
  'service-unavailable': 'The ride service has trouble at the moment. Try again in a few minutes.',
  timeout:
    'The ride service is taking too long to answer. A unicorn may be on its way all the same.',
  'too-many-requests': 'There are too many requests at the moment. Wait a moment and try again.',
  unauthorized: 'The ride service does not know you. Sign out and in again.',
  unreadable:
    'The answer of the ride service could not be read. A unicorn may be on its way all the same.',
} as const satisfies Record<RideErrorCode, string>

export const placeKinds = {
  district: 'part of town',
  landmark: 'landmark',
  park: 'park',
  water: 'water',
} as const satisfies Record<Place['kind'], string>

const directionNames = {
  north: 'north',
  'north-east': 'north-east',
  east: 'east',
  'south-east': 'south-east',
  south: 'south',
  'south-west': 'south-west',
  west: 'west',
  'north-west': 'north-west',
} as const satisfies Record<Direction, string>

/** nearer than this is at a place, metres; farther than the other, a place says nothing */
const [atMetres, farMetres] = [100, 20_000]

/** Such as "Fremont", "400 m east of Fremont", "47.60621, -122.33207". */
export function describeLocation({ latitude, longitude }: Location, nearest: Bearing): string {
  const { place, metres, direction } = nearest
  if (metres > farMetres) return `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`
  if (metres < atMetres) return place.name
  return `${toDistance(metres)} ${directionNames[direction]} of ${place.name}`
}

function toDistance(metres: number): string {
  const rounded = Math.round(metres / 50) * 50
  const isShort = rounded < 1000
  return new Intl.NumberFormat('en', {
    style: 'unit',
    unit: isShort ? 'meter' : 'kilometer',
    maximumFractionDigits: 1,
  }).format(isShort ? rounded : metres / 1000)
}
