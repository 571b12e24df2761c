import { describe, expect, test } from 'vitest'
import {
  cityBounds,
  directions,
  findNearestPlace,
  isInCity,
  type Location,
  places,
} from '../../../../src/site/ride/places.ts'

/** metres, the IUGG mean radius */
const earthRadius = 6_371_008.8

/**
 * Metres between two points on a sphere.
 *
 * @see R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68 (1984)
 */
function haversine(from: Location, to: Location): number {
  const toRadians = (degrees: number) => (degrees * Math.PI) / 180
  const sine = (degrees: number) => Math.sin(toRadians(degrees) / 2)
  const across =
    sine(to.latitude - from.latitude) ** 2 +
    Math.cos(toRadians(from.latitude)) *
      Math.cos(toRadians(to.latitude)) *
      sine(to.longitude - from.longitude) ** 2
  return 2 * earthRadius * Math.asin(Math.sqrt(across))
}

/** Degrees clockwise from north that one sets out by, on a sphere. */
function azimuth(from: Location, to: Location): number {
  const toRadians = (degrees: number) => (degrees * Math.PI) / 180
  const [here, there] = [toRadians(from.latitude), toRadians(to.latitude)]
  const east = toRadians(to.longitude - from.longitude)
  const y = Math.sin(east) * Math.cos(there)
  const x = Math.cos(here) * Math.sin(there) - Math.sin(here) * Math.cos(there) * Math.cos(east)
  return ((Math.atan2(y, x) * 180) / Math.PI + 360) % 360
}

/** A grid over the whole city, edges among it. */
const grid = Array.from({ length: 41 * 41 }, (_, index): Location => {
  const [row, column] = [Math.floor(index / 41), index % 41]
  const { south, west, north, east } = cityBounds
  return {
    latitude: south + ((north - south) * row) / 40,
    longitude: west + ((east - west) * column) / 40,
  }
})

function requirePlace(name: string) {
  const place = places.find((one) => one.name === name)
  if (!place) throw new Error(`expected a place ${name}`)
  return place
}

describe('haversine: the distance that these tests compare with', () => {
  test('haversine: gives the length of a degree and the distance from pole to pole', () => {
    const equator = haversine({ latitude: 0, longitude: 0 }, { latitude: 0, longitude: 1 })
    const poles = haversine({ latitude: 90, longitude: 0 }, { latitude: -90, longitude: 0 })

    expect(equator).toBeCloseTo(111_195.08, 1)
    expect(poles).toBeCloseTo(20_015_114.4, 0)
  })
})

describe('places', () => {
  test('places: each name stands once', () => {
    const names = places.map(({ name }) => name)

    expect(names.length).toBeGreaterThanOrEqual(20)
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length)
    expect(names.filter((name) => name !== name.trim() || name === '')).toEqual([])
  })

  test.each(places)('$name lies in the city', (place) => {
    expect(isInCity(place)).toBe(true)
  })

  test('places: no two are too close to tell apart', () => {
    for (const place of places) {
      const others = places.filter((other) => other !== place)
      const nearest = Math.min(...others.map((other) => haversine(place, other)))
      expect(nearest, place.name).toBeGreaterThan(200)
    }
  })

  // Coordinates as other public data sets have them.
  test.each([
    ['Space Needle', 47.6204, -122.3491],
    ['Pike Place Market', 47.6094, -122.3417],
    ['Gas Works Park', 47.6456, -122.3344],
    ['King Street Station', 47.598445, -122.330161],
    ['Husky Stadium', 47.6502, -122.3019],
  ])('%s has its real coordinates, to a hundred metres', (name, latitude, longitude) => {
    expect(haversine(requirePlace(name), { latitude, longitude })).toBeLessThan(100)
  })
})

describe('the city bounds', () => {
  const { south, west, north, east } = cityBounds
  const [latitude, longitude] = [(south + north) / 2, (west + east) / 2]
  const hair = 1e-9

  test.each([
    ['its middle', { latitude, longitude }],
    ['its south edge', { latitude: south, longitude }],
    ['its north edge', { latitude: north, longitude }],
    ['its west edge', { latitude, longitude: west }],
    ['its east edge', { latitude, longitude: east }],
    ['its south-west corner', { latitude: south, longitude: west }],
    ['its north-east corner', { latitude: north, longitude: east }],
  ])('%s is in the city', (_, point) => {
    expect(isInCity(point)).toBe(true)
  })

  test.each([
    ['a hair south of it', { latitude: south - hair, longitude }],
    ['a hair north of it', { latitude: north + hair, longitude }],
    ['a hair west of it', { latitude, longitude: west - hair }],
    ['a hair east of it', { latitude, longitude: east + hair }],
    ['on the other side of the earth', { latitude: -latitude, longitude: longitude + 180 }],
    ['at latitude and longitude exchanged', { latitude: longitude, longitude: latitude }],
    ['at null island', { latitude: 0, longitude: 0 }],
    ['nowhere', { latitude: Number.NaN, longitude: Number.NaN }],
  ])('%s is outside of the city', (_, point) => {
    expect(isInCity(point)).toBe(false)
  })
})

describe('nearest place', () => {
  test.each(places)('nearest place: of $name it is $name', (place) => {
    const found = findNearestPlace(place)

    expect(found.place).toBe(place)
    expect(found.metres).toBe(0)
  })

  test('nearest place: is the nearest by haversine, all over the city', () => {
    for (const point of grid) {
      const byDistance = places.toSorted((a, b) => haversine(point, a) - haversine(point, b))
      const [nearest, second] = byDistance
      if (!nearest || !second) throw new Error('expected two places')
      const found = findNearestPlace(point)
      // Two that are equally far but for a metre may be taken for each other.
      const isTie = haversine(point, second) - haversine(point, nearest) < 1
      expect(isTie ? [nearest, second] : [nearest]).toContain(found.place)
    }
  })

  test('nearest place: its distance is the haversine distance, to half a metre in a kilometre', () => {
    for (const point of grid) {
      const { place, metres } = findNearestPlace(point)
      const onSphere = haversine(point, place)
      expect(Math.abs(metres - onSphere)).toBeLessThanOrEqual(onSphere * 0.0005)
    }
  })

  test.each([
    ['at Fremont’s troll', { latitude: 47.651, longitude: -122.3473 }, 'Fremont'],
    ['at the library', { latitude: 47.6067, longitude: -122.3325 }, 'Downtown'],
    ['under the monorail', { latitude: 47.6191, longitude: -122.3487 }, 'Space Needle'],
    ['out on the lake', { latitude: 47.61, longitude: -122.25 }, 'Lake Washington'],
  ])('nearest place: %s is the one that people of Seattle would name', (_, point, name) => {
    expect(findNearestPlace(point).place.name).toBe(name)
  })

  // A step of 300 metres from a place that has no other within 700.
  const place = requirePlace('Discovery Park')
  const step = 300 / ((Math.PI / 180) * earthRadius)
  const widened = step / Math.cos((place.latitude * Math.PI) / 180)
  const slant = Math.SQRT1_2
  test.each([
    ['north', 1, 0],
    ['north-east', slant, slant],
    ['east', 0, 1],
    ['south-east', -slant, slant],
    ['south', -1, 0],
    ['south-west', -slant, -slant],
    ['west', 0, -1],
    ['north-west', slant, -slant],
  ] as const)('tells a point that lies %s of it', (direction, north, east) => {
    const found = findNearestPlace({
      latitude: place.latitude + north * step,
      longitude: place.longitude + east * widened,
    })

    expect(found.place).toBe(place)
    expect(found.direction).toBe(direction)
    expect(found.metres).toBeGreaterThan(299)
    expect(found.metres).toBeLessThan(301)
  })

  test('direction: each covers the eighth of the compass around it', () => {
    for (let degrees = 0; degrees < 360; degrees += 1) {
      const radians = (degrees * Math.PI) / 180
      const point = {
        latitude: place.latitude + Math.cos(radians) * step,
        longitude: place.longitude + Math.sin(radians) * widened,
      }
      const bearing = azimuth(place, point)
      const eighth = directions[Math.round(bearing / 45) % 8]
      const isBetweenTwo = Math.abs((bearing % 45) - 22.5) < 0.1
      if (!isBetweenTwo) expect(findNearestPlace(point).direction, `${degrees}°`).toBe(eighth)
    }
  })

  test('direction: there is one even at the place itself', () => {
    expect(directions).toContain(findNearestPlace(place).direction)
  })
})
