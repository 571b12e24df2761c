/** Where unicorns fly: the city, its places by name, and where a point lies among them. WGS 84 throughout. */

/** A point on earth, in degrees. */
export interface Location {
  /** -90 to 90, north is positive */
  readonly latitude: number
  /** -180 to 180, east is positive */
  readonly longitude: number
}

export interface Place extends Location {
  readonly name: string
  readonly kind: 'district' | 'park' | 'landmark' | 'water'
}

/** What the drawn map shows, edge to edge. */
export const cityBounds = { south: 47.565, west: -122.44, north: 47.69, east: -122.24 } as const

/** Everything the map names, from north to south. */
export const places: readonly Place[] = [
  { name: 'Green Lake', kind: 'water', latitude: 47.6785, longitude: -122.339 },
  { name: 'Ballard', kind: 'district', latitude: 47.6685, longitude: -122.384 },
  { name: 'Woodland Park', kind: 'park', latitude: 47.6688, longitude: -122.3445 },
  { name: 'University District', kind: 'district', latitude: 47.6613, longitude: -122.3131 },
  { name: 'Discovery Park', kind: 'park', latitude: 47.6613, longitude: -122.4155 },
  { name: 'Fremont', kind: 'district', latitude: 47.6513, longitude: -122.3503 },
  { name: 'Husky Stadium', kind: 'landmark', latitude: 47.6503, longitude: -122.3016 },
  { name: 'Gas Works Park', kind: 'park', latitude: 47.6456, longitude: -122.3344 },
  { name: 'Magnolia', kind: 'district', latitude: 47.6405, longitude: -122.4005 },
  { name: 'Lake Union', kind: 'water', latitude: 47.6375, longitude: -122.3335 },
  { name: 'Queen Anne', kind: 'district', latitude: 47.6375, longitude: -122.3571 },
  { name: 'Arboretum', kind: 'park', latitude: 47.6362, longitude: -122.2958 },
  { name: 'Volunteer Park', kind: 'park', latitude: 47.6301, longitude: -122.3148 },
  { name: 'Space Needle', kind: 'landmark', latitude: 47.6205, longitude: -122.3493 },
  { name: 'Capitol Hill', kind: 'district', latitude: 47.6208, longitude: -122.3204 },
  { name: 'Lake Washington', kind: 'water', latitude: 47.6195, longitude: -122.2605 },
  { name: 'Elliott Bay', kind: 'water', latitude: 47.6085, longitude: -122.378 },
  { name: 'Pike Place Market', kind: 'landmark', latitude: 47.6097, longitude: -122.3422 },
  { name: 'Downtown', kind: 'district', latitude: 47.6062, longitude: -122.3332 },
  { name: 'Pioneer Square', kind: 'district', latitude: 47.6016, longitude: -122.3322 },
  { name: 'King Street Station', kind: 'landmark', latitude: 47.5984, longitude: -122.3299 },
  { name: 'Mount Baker', kind: 'district', latitude: 47.5787, longitude: -122.2886 },
  { name: 'Alki Beach', kind: 'landmark', latitude: 47.5795, longitude: -122.408 },
  { name: 'Jefferson Park', kind: 'park', latitude: 47.5693, longitude: -122.3085 },
]

/** The eight points of the compass, clockwise from north. */
export const directions = [
  'north',
  'north-east',
  'east',
  'south-east',
  'south',
  'south-west',
  'west',
  'north-west',
] as const
export type Direction = (typeof directions)[number]

export interface Bearing {
  readonly place: Place
  /** metres between the place and the point */
  readonly metres: number
  /** where the point lies, seen from the place */
  readonly direction: Direction
}

/** Whether a point lies in the city. */
export function isInCity({ latitude, longitude }: Location): boolean {
  const { south, west, north, east } = cityBounds
  return latitude >= south && latitude <= north && longitude >= west && longitude <= east
}

/** Metres from one degree of latitude to the next, on a sphere of the earth's mean radius. */
const metresPerDegree = 111_195

/** The place next to a point, and how the point lies to it. Flat arithmetic: a city is small. */
export function findNearestPlace(point: Location): Bearing {
  const bearings = places.map((place): Bearing => {
    const north = (point.latitude - place.latitude) * metresPerDegree
    const east =
      (point.longitude - place.longitude) *
      metresPerDegree *
      Math.cos((place.latitude * Math.PI) / 180)
    const eighths = Math.round(Math.atan2(east, north) / (Math.PI / 4))
    const direction = directions[(eighths + 8) % 8] ?? 'north'
    return { place, metres: Math.hypot(north, east), direction }
  })
  return bearings.reduce((nearest, one) => (one.metres < nearest.metres ? one : nearest))
}
