/**
 * The card of an accepted ride: who comes, and how long it still takes. It alone reads the clock, so that the words,
 * the bar and the unicorn on the map can't disagree.
 */

import { t } from '../i18n/t.ts'
import { requireElement } from '../lib/elements.ts'
import { prefersReducedMotion } from '../lib/reduced-motion.ts'
import type { AcceptedRide } from './ride-storage.ts'
import { describeArrival, describeColor, translateColor } from './ride-texts.ts'
import { toPortraitUrl } from './unicorn-portrait.ts'

export interface RideCard {
  show(ride: AcceptedRide): void
  hide(): void
  /** CSS pixels of the map that it covers */
  heightPx(): number
}

export interface RideCardOptions {
  /** Told again and again how much of the way is done, 0 to 1. */
  readonly onProgress: (ride: AcceptedRide, share: number) => void
  readonly onArrived: (ride: AcceptedRide) => void
  readonly onRideAgain: () => void
}

export function bindRideCard({ onProgress, onArrived, onRideAgain }: RideCardOptions): RideCard {
  const card = requireElement('#ride-card', HTMLElement)
  const portrait = requireElement('#unicorn-portrait', HTMLImageElement)
  const name = requireElement('#unicorn-name', HTMLElement)
  const coat = requireElement('#unicorn-coat', HTMLElement)
  const state = requireElement('#ride-state', HTMLElement)
  const progress = requireElement('#ride-progress', HTMLProgressElement)
  const rideAgain = requireElement('#ride-again', HTMLButtonElement)
  /** while it is under way */
  let ride: AcceptedRide | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let frame = 0

  rideAgain.addEventListener('click', () => {
    hide()
    onRideAgain()
  })
  return { show, hide, heightPx: () => card.offsetHeight }

  function show(accepted: AcceptedRide): void {
    hide()
    ride = accepted
    const { unicorn } = accepted
    portrait.src = toPortraitUrl(unicorn)
    name.textContent = unicorn.name
    // The heading shows one line of it.
    name.title = t('{name}, your {color} unicorn', {
      name: unicorn.name,
      color: describeColor(unicorn.color),
    })
    coat.textContent = t('{color} unicorn', { color: translateColor(unicorn.color) })
    progress.hidden = false
    rideAgain.hidden = true
    card.hidden = false
    tick()
    if (!prefersReducedMotion()) animate()
  }

  function hide(): void {
    clearTimeout(timer)
    cancelAnimationFrame(frame)
    ride = undefined
    card.hidden = true
    name.textContent = ''
    name.title = ''
    portrait.removeAttribute('src')
  }

  /** Once a second. It goes on in a tab that is not seen, where nothing is drawn. */
  function tick(): void {
    if (!ride) return
    const leftMs = ride.arrivesAtMs - Date.now()
    if (leftMs > 0) {
      state.textContent = describeArrival(ride, leftMs)
      draw()
      timer = setTimeout(tick, leftMs % 1000 || 1000)
    } else arrive(ride)
  }

  function animate(): void {
    if (!ride) return
    draw()
    frame = requestAnimationFrame(animate)
  }

  function draw(): void {
    if (!ride) return
    const { acceptedAtMs, arrivesAtMs } = ride
    const share = Math.min(
      Math.max((Date.now() - acceptedAtMs) / (arrivesAtMs - acceptedAtMs), 0),
      1,
    )
    progress.value = share
    onProgress(ride, share)
  }

  function arrive(arrived: AcceptedRide): void {
    clearTimeout(timer)
    ride = undefined
    state.textContent = t('Has arrived')
    progress.hidden = true
    rideAgain.hidden = false
    onProgress(arrived, 1)
    onArrived(arrived)
  }
}
