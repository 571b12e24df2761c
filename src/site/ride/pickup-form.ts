/**
 * Where a rider chooses her pick-up, sends for a unicorn and reads what becomes of it. The map is one way
 * to choose among three, and may be missing.
 */

import { describeLocation, placeKinds, rideWords } from '#words/ride.ts'
import type { ConfiguredSite } from '../../shared/site-config.ts'
import type { SignedInPage } from '../layout/protected-page.ts'
import { createElement, requireElement } from '../lib/elements.ts'
import { announce } from '../lib/live-region.ts'
import type { RideMap } from './map.ts'
import { findNearestPlace, isInCity, type Location, places } from './places.ts'
import { requestRideFor } from './request-ride.ts'
import { type Ride, RideError } from './ride-api-client.ts'
import { describeRideError } from './ride-errors.ts'
import {
  forgetPickup,
  forgetRideAsked,
  keepPickup,
  keptPickup,
  noteRideAsked,
  takeRideAsked,
} from './ride-storage.ts'

export interface RideDesk {
  /** For a rider who may have chosen a pick-up before. */
  show(rider: { readonly sub: string }): void
  /** The page can be seen now. */
  open(): void
  /** Takes away all that is the rider's, and gives up what is under way. */
  hide(): void
}

export interface RideDeskOptions {
  readonly forRider: SignedInPage['forRider']
  readonly invokeUrl: string
  readonly tiles: ConfiguredSite['map']
}

/** milliseconds to wait for a position, once the rider has allowed it */
const positionTimeLimitMs = 10_000

export function bindRideDesk({ forRider, invokeUrl, tiles }: RideDeskOptions): RideDesk {
  const button = requireElement('#request', HTMLButtonElement)
  const select = requireElement('#place', HTMLSelectElement)
  const placeError = requireElement('#place-error', HTMLElement)
  const pickupText = requireElement('#pickup', HTMLElement)
  const updates = requireElement('#updates', HTMLElement)
  const mapBox = requireElement('#map', HTMLElement)
  const mapNote = requireElement('#map-note', HTMLElement)
  let map: RideMap | undefined
  let isMapWanted = false
  let sub: string | undefined
  let pickup: Location | undefined
  let isBusy = false
  /** rises with every choice: a position that comes late must not undo a newer one */
  let choices = 0
  /** ends a request, its flight, and the unicorn that stands on the map after it */
  let ride = new AbortController()

  for (const selector of ['#map-frame', '#pickup-choice', '#map-in-words']) {
    requireElement(selector, HTMLElement).hidden = false
  }
  button.disabled = false
  // The reason why it was disabled: hidden text describes as well as any.
  button.removeAttribute('aria-describedby')
  button.addEventListener('click', () => void send())
  select.append(
    ...places
      .filter(({ kind }) => kind !== 'water')
      .map(({ name }) => new Option(name, name))
      .sort((one, other) => one.text.localeCompare(other.text)),
  )
  select.addEventListener('change', () => {
    const place = places.find(({ name }) => name === select.value)
    if (place) choose(place)
  })
  requireElement('#locate', HTMLButtonElement).addEventListener('click', locate)
  requireElement('#map-words', HTMLElement).append(
    ...places.map(({ name, kind }) => createElement('li', `${name} (${placeKinds[kind]})`)),
  )
  window.addEventListener('pagehide', stop)

  return {
    show(rider) {
      if (!isBusy && takeRideAsked(rider.sub)) addUpdate(rideWords.interrupted)
      if (sub === rider.sub) return
      sub = rider.sub
      showPickup(keptPickup(sub))
    },
    open() {
      if (!isMapWanted) loadMapWhenSeen()
    },
    hide() {
      sub = undefined
      stop()
      showPickup(undefined)
      updates.replaceChildren()
    },
  }

  function choose(location: Location): void {
    if (sub !== undefined) keepPickup(sub, location)
    showPickup(location)
  }

  function showPickup(location: Location | undefined): void {
    choices += 1
    pickup = location
    pickupText.textContent = location
      ? describeLocation(location, findNearestPlace(location))
      : rideWords.noPickup
    select.value =
      places.find(
        ({ latitude, longitude }) =>
          latitude === location?.latitude && longitude === location.longitude,
      )?.name ?? ''
    placeError.textContent = ''
    placeError.hidden = true
    select.removeAttribute('aria-invalid')
    map?.showPickup(location)
  }

  function locate(): void {
    const ours = ++choices
    announce(rideWords.locating)
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude } }) => {
        if (ours !== choices) return
        if (!tiles && !isInCity({ latitude, longitude })) {
          announce(rideWords.outsideCity)
          return
        }
        choose({ latitude, longitude })
        announce(rideWords.located)
      },
      () => {
        if (ours === choices) announce(rideWords.notLocated)
      },
      { timeout: positionTimeLimitMs, maximumAge: 60_000 },
    )
  }

  async function send(): Promise<void> {
    if (isBusy) return
    const to = pickup
    if (!to) return askForPickup()
    stop()
    setBusy(true)
    addUpdate(rideWords.requesting)
    const { signal } = ride
    try {
      await forRider(async (session) => {
        noteRideAsked(session.sub)
        await receive(await requestRideFor(session, { invokeUrl, pickup: to, signal }), to, signal)
        return () => undefined
      })
    } catch (error) {
      if (signal.aborted) return
      // The rider gets a sentence, the operator the reason.
      if (error instanceof RideError) console.warn(error.message)
      addUpdate(rideWords.refused(describeRideError(error)))
    } finally {
      if (!signal.aborted) {
        forgetRideAsked()
        setBusy(false)
      }
    }
  }

  async function receive(sent: Ride, to: Location, signal: AbortSignal): Promise<void> {
    forgetRideAsked()
    addUpdate(rideWords.onItsWay(sent))
    await map?.flyUnicorn(to, signal)
    if (signal.aborted) return
    addUpdate(rideWords.arrived(sent))
    forgetPickup()
    showPickup(undefined)
  }

  function askForPickup(): void {
    placeError.textContent = rideWords.pickupMissing
    placeError.hidden = false
    select.setAttribute('aria-invalid', 'true')
    select.focus()
  }

  function stop(): void {
    ride.abort()
    ride = new AbortController()
    setBusy(false)
  }

  function setBusy(busy: boolean): void {
    isBusy = busy
    button.ariaDisabled = String(busy)
  }

  function addUpdate(text: string): void {
    updates.append(createElement('li', text))
  }

  function loadMapWhenSeen(): void {
    isMapWanted = true
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return
      observer.disconnect()
      void loadMap()
    })
    observer.observe(mapBox)
  }

  async function loadMap(): Promise<void> {
    try {
      const { createRideMap } = await import('./map.ts')
      mapNote.hidden = true
      const opened = createRideMap(mapBox, {
        tiles,
        onPick: choose,
        onTileTrouble: () => announce(rideWords.tilesMissing),
      })
      for (const [selector, zoom] of [
        ['#zoom-in', opened.zoomIn],
        ['#zoom-out', opened.zoomOut],
      ] as const) {
        requireElement(selector, HTMLButtonElement).addEventListener('click', zoom)
      }
      requireElement('#zoom', HTMLElement).hidden = false
      map = opened
      map.showPickup(pickup)
    } catch (error) {
      // Whatever it is, a ride can be had without the map.
      console.error(error)
      mapNote.textContent = rideWords.mapMissing
      mapNote.hidden = false
    }
  }
}
