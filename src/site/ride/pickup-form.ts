/**
 * Choosing a pick-up location, requesting a unicorn, and the log of what becomes of it. The map is one of three
 * ways to choose, and may be missing.
 */

import type { ConfiguredSite } from '../../shared/site-config.ts'
import { done } from '../forms/submit-result.ts'
import { t } from '../i18n/t.ts'
import type { WithSession } from '../layout/protected-page.ts'
import { createElement, requireElement } from '../lib/elements.ts'
import { announce } from '../lib/live-region.ts'
import type { RideMap } from './map.ts'
import { findNearestPlace, isInCity, type Location, places } from './places.ts'
import { requestRide } from './request-ride.ts'
import { type Ride, RideError } from './ride-api-client.ts'
import { describeRideError } from './ride-errors.ts'
import {
  clearPickup,
  clearRideRequested,
  findPickup,
  storePickup,
  storeRideRequested,
  takeRideRequested,
} from './ride-storage.ts'
import { describeLocation, describePlace, describeRide } from './ride-texts.ts'

export interface PickupForm {
  /** For a user who may have chosen a location before. */
  show(user: { readonly sub: string }): void
  /** The page can be seen now. */
  open(): void
  /** Removes everything that is the user's, and aborts what is under way. */
  hide(): void
}

export interface PickupFormOptions {
  readonly withSession: WithSession
  readonly invokeUrl: string
  readonly tiles: ConfiguredSite['map']
}

/** milliseconds to wait for the device's position, once the user has allowed it */
const positionTimeLimitMs = 10_000

export function bindPickupForm({ withSession, invokeUrl, tiles }: PickupFormOptions): PickupForm {
  const button = requireElement('#request', HTMLButtonElement)
  const select = requireElement('#place', HTMLSelectElement)
  const placeError = requireElement('#place-error', HTMLElement)
  const pickupText = requireElement('#pickup', HTMLElement)
  const updates = requireElement('#updates', HTMLElement)
  const mapBox = requireElement('#map', HTMLElement)
  const mapNote = requireElement('#map-note', HTMLElement)
  let map: RideMap | undefined
  let isMapRequested = false
  let sub: string | undefined
  let pickup: Location | undefined
  let isBusy = false
  /** counts choices: a position that comes late must not undo a newer one */
  let choices = 0
  /** ends a request, its flight, and the unicorn that stands on the map after it */
  let ride = new AbortController()

  for (const selector of ['#map-frame', '#pickup-choice', '#map-in-words']) {
    requireElement(selector, HTMLElement).hidden = false
  }
  button.disabled = false
  // It named the reason why the button was disabled; hidden text is read out too.
  button.removeAttribute('aria-describedby')
  button.addEventListener('click', () => void submit())
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
    ...places.map((place) => createElement('li', describePlace(place))),
  )
  window.addEventListener('pagehide', abortRide)

  return {
    show(user) {
      if (!isBusy && takeRideRequested(user.sub)) {
        addUpdate(t('You left the page before an answer came. A unicorn may be on its way.'))
      }
      if (sub === user.sub) return
      sub = user.sub
      showPickup(findPickup(sub))
    },
    open() {
      if (!isMapRequested) loadMapWhenVisible()
    },
    hide() {
      sub = undefined
      abortRide()
      showPickup(undefined)
      updates.replaceChildren()
    },
  }

  function choose(location: Location): void {
    if (sub !== undefined) storePickup(sub, location)
    showPickup(location)
  }

  function showPickup(location: Location | undefined): void {
    choices += 1
    pickup = location
    pickupText.textContent = location
      ? describeLocation(location, findNearestPlace(location))
      : t('none chosen yet')
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
    choices += 1
    const ownChoice = choices
    announce(t('Looking for your position…'))
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude } }) => {
        if (ownChoice !== choices) return
        if (!tiles && !isInCity({ latitude, longitude })) {
          announce(
            t('Your position is outside of the city. Choose a place on the map or from the list.'),
          )
          return
        }
        choose({ latitude, longitude })
        announce(t('Your position is the pick-up now.'))
      },
      () => {
        if (ownChoice !== choices) return
        announce(t('Your position could not be found. Choose a place on the map or from the list.'))
      },
      { timeout: positionTimeLimitMs, maximumAge: 60_000 },
    )
  }

  async function submit(): Promise<void> {
    if (isBusy) return
    const location = pickup
    if (!location) return showPickupMissing()
    abortRide()
    setBusy(true)
    addUpdate(t('Sending for a unicorn…'))
    const { signal } = ride
    try {
      await withSession(async (session) => {
        storeRideRequested(session.sub)
        const response = await requestRide(session, { invokeUrl, pickup: location, signal })
        await showRide(response, location, signal)
        return done()
      })
    } catch (error) {
      if (signal.aborted) return
      // The user reads a sentence, the operator the reason.
      if (error instanceof RideError) console.warn(error.message)
      addUpdate(t('{reason} Your pick-up is kept.', { reason: describeRideError(error) }))
    } finally {
      if (!signal.aborted) {
        clearRideRequested()
        setBusy(false)
      }
    }
  }

  async function showRide(response: Ride, location: Location, signal: AbortSignal): Promise<void> {
    clearRideRequested()
    addUpdate(describeRide(response))
    await map?.flyUnicorn(location, signal)
    if (signal.aborted) return
    addUpdate(t('{name} has arrived. Giddy up!', { name: response.unicorn.name }))
    clearPickup()
    showPickup(undefined)
  }

  function showPickupMissing(): void {
    placeError.textContent = t('Choose a pick-up place first')
    placeError.hidden = false
    select.setAttribute('aria-invalid', 'true')
    select.focus()
  }

  function abortRide(): void {
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

  function loadMapWhenVisible(): void {
    isMapRequested = true
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
        onTileError: () =>
          announce(
            t(
              'Parts of the map cannot be loaded. You can choose a place from the list all the same.',
            ),
          ),
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
      // Whatever it is, a ride can be requested without the map.
      console.error(error)
      mapNote.textContent = t(
        'The map cannot be shown. Choose a place from the list, or load the page again.',
      )
      mapNote.hidden = false
    }
  }
}
