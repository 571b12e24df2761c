import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createRideHandler } from '../../../../src/aws/ride-api/handler.ts'
import type { Ride } from '../../../../src/aws/ride-api/ride-store.ts'
import { toPortraitUrl } from '../../../../src/site/ride/unicorn-portrait.ts'
import { createRideEvent } from '../../../support/ride-event.ts'

const drawing = readFileSync('public/images/unicorn-coats.svg', 'utf8')
const views = [...drawing.matchAll(/<view id="([^"]+)"/g)].map(([, id = '']) => id)

function toView(color: string): string {
  const [path, view = ''] = toPortraitUrl({ name: 'Celeste', color }).split('#')
  expect(path).toBe('/images/unicorn-coats.svg')
  return view
}

test('portrait: every unicorn of the ride API’s fleet has a coat of its own', async () => {
  const rides: Ride[] = []
  for (let byte = 0; byte < 256; byte += 1) {
    await createRideHandler({
      store: {
        recordRide: async (ride) => void rides.push(ride),
        countRequest: async () => true,
        deleteRides: async () => undefined,
      },
      clock: { nowMs: () => 0 },
      random: { bytes: (count) => new Uint8Array(count).fill(byte), uuid: () => String(byte) },
    })(createRideEvent())
  }
  const colors = [...new Set(rides.map(({ unicorn }) => unicorn.color))]
  expect(colors.length).toBeGreaterThan(5)
  expect(new Set(colors.map(toView)).size).toBe(colors.length)
  for (const color of colors) {
    expect(toView(color)).not.toBe('any')
    expect(views).toContain(toView(color))
  }
})

test.each(['Golden', 'White', 'Yellow'])(
  'portrait: %s, of the tutorial’s fleet, is drawn',
  (color) => {
    expect(views).toContain(toView(color))
    expect(toView(color)).not.toBe('any')
  },
)

test.each(['Plaid', '', '#white', 'any', 'constructor', 'white/../..'])(
  'portrait: a coat that nobody has drawn, such as "%s", gets the one for any',
  (color) => {
    expect(toView(color)).toBe('any')
    expect(views).toContain('any')
  },
)
