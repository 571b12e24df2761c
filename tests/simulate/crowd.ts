/**
 * A crowd of riders and the quotas of an AWS account, as discrete events on a clock of their own: nothing waits. Everything
 * by chance comes from a seed.
 *
 * A quota is what the local pool makes of it (`src/local-cloud/user-pool/throttle.ts`): a bucket that holds a second's
 * worth. `tests/contract/clients/crowd.test.ts` lets real requests meet a real pool, and compares.
 */

import type { Random } from '../../src/site/lib/backoff.ts'
import type { Client } from './clients.ts'

/** One call of a journey. */
export interface Step {
  /** the quota that it draws on */
  readonly quota: string
  /**
   * who asks again after a refusal: the page in the background, a person who presses, or a sign-in, which the page sends
   * once by itself
   */
  readonly by: 'background' | 'press' | 'sign-in'
  /** milliseconds from the answer before it to this call */
  readonly pauseMs?: (random: Random) => number
}

export interface Crowd {
  readonly riders: number
  /** the calls of each rider */
  readonly steps: readonly Step[]
  /** milliseconds on the clock of the simulation, from 0: when a rider makes the first call */
  readonly startMs: (random: Random, client: Client) => number
  /** milliseconds, the same: until when the service answers nothing. Whoever comes later is load, and is not counted */
  readonly outageMs?: number
  /** milliseconds, the same: when a rider who is not in by then is signed out, because the refresh token ends */
  readonly endMs?: (random: Random) => number
  /** requests a second, by the names of `steps`; `perDay`: how many there are in all */
  readonly quotas: Readonly<
    Record<string, { readonly perSecond: number; readonly perDay?: number }>
  >
}

export interface Outcome {
  /** riders who are counted */
  readonly counted: number
  /** of them: those who are through all steps */
  readonly isIn: number
  /** riders whose refresh token ended before */
  readonly signedOut: number
  /** requests in all, refused or not */
  readonly asked: number
  readonly served: number
  /** seconds from the start to the last request */
  readonly lastSecond: number
  /** requests in the busiest second */
  readonly peakPerSecond: number
  /** seconds from the start, or from the end of an outage; `undefined`: not within the day */
  readonly halfInSeconds: number | undefined
  readonly almostAllInSeconds: number | undefined
  readonly allInSeconds: number | undefined
}

const dayMs = 86_400_000
/** milliseconds that are one slot of the calendar: more exact than networks are */
const slotMs = 20
const slots = dayMs / slotMs

/** milliseconds of a request there and back */
const roundTripMs = (random: Random) => 40 + 120 * random()
/** milliseconds until a person sees that a button can be pressed, and presses */
const reactionMs = (random: Random) => 500 + 4000 * random()

/**
 * @param options `weight`: riders that each simulated one stands for, so that many take no longer than some
 */
export function simulate(
  crowd: Crowd,
  client: Client,
  { random, weight = 1 }: { readonly random: Random; readonly weight?: number },
): Outcome {
  const { steps, outageMs = 0 } = crowd
  const count = Math.round(crowd.riders / weight)
  const buckets = new Map(
    Object.entries(crowd.quotas).map(([name, quota]) => [name, createBucket(quota, weight)]),
  )
  const stepOf = new Uint8Array(count)
  const failures = new Uint16Array(count)
  const endsAtMs = new Float64Array(count)
  const calendar = createCalendar(count)
  const isCounted = new Uint8Array(count)
  const inAtMs: number[] = []
  let [counted, asked, served, signedOut, inSecond, second, peak] = [0, 0, 0, 0, 0, 0, 0]

  for (let rider = 0; rider < count; rider += 1) {
    endsAtMs[rider] = crowd.endMs?.(random) ?? Number.POSITIVE_INFINITY
    const startMs = crowd.startMs(random, client)
    if (outageMs === 0 || startMs < outageMs) {
      isCounted[rider] = 1
      counted += 1
    }
    calendar.add(rider, startMs + roundTripMs(random) / 2)
  }
  calendar.run((rider, nowMs) => {
    if (nowMs >= (endsAtMs[rider] ?? 0)) {
      signedOut += 1
      return
    }
    const step = steps[stepOf[rider] ?? 0]
    const bucket = step && buckets.get(step.quota)
    if (!step || !bucket) throw new Error('expected a step whose quota is named')
    asked += 1
    if (Math.floor(nowMs / 1000) !== second) {
      second = Math.floor(nowMs / 1000)
      inSecond = 0
    }
    inSecond += 1
    peak = Math.max(peak, inSecond)
    const answeredMs = nowMs + roundTripMs(random)
    if (nowMs < outageMs || !bucket.take(nowMs)) {
      const refusals = (failures[rider] ?? 0) + 1
      failures[rider] = refusals
      calendar.add(rider, answeredMs + waitMs(step, refusals))
      return
    }
    served += 1
    failures[rider] = 0
    const next = (stepOf[rider] ?? 0) + 1
    stepOf[rider] = next
    const nextStep = steps[next]
    if (!nextStep) {
      if (isCounted[rider]) inAtMs.push(Math.max(0, nowMs - outageMs))
    } else calendar.add(rider, answeredMs + (nextStep.pauseMs?.(random) ?? 0))
  })

  function waitMs({ by }: Step, refusals: number): number {
    if (by === 'background') return client.backgroundWaitMs(refusals, random)
    const pressWaitMs = client.pressWaitMs(refusals, random)
    const isByItself = by === 'sign-in' && client.repeatsSignIn === 1 && refusals % 2 === 1
    return isByItself ? pressWaitMs : pressWaitMs + reactionMs(random)
  }

  const inAfter = (share: number) => {
    const ms = inAtMs[Math.ceil((counted - signedOut) * share) - 1]
    return ms === undefined ? undefined : ms / 1000
  }
  return {
    counted: counted * weight,
    isIn: inAtMs.length * weight,
    signedOut: signedOut * weight,
    asked: asked * weight,
    served: served * weight,
    lastSecond: second + 1,
    peakPerSecond: peak * weight,
    halfInSeconds: inAfter(0.5),
    almostAllInSeconds: inAfter(0.99),
    allInSeconds: inAfter(1),
  }
}

/** A token bucket of riders, which holds a second's worth and begins full. */
function createBucket(
  { perSecond, perDay = Number.POSITIVE_INFINITY }: Crowd['quotas'][string],
  weight: number,
): { take(nowMs: number): boolean } {
  const capacity = Math.max(perSecond, weight)
  let level = capacity
  let filledAtMs = 0
  let left = perDay
  return {
    take(nowMs) {
      level = Math.min(capacity, level + ((nowMs - filledAtMs) * perSecond) / 1000)
      filledAtMs = nowMs
      if (level < weight || left < weight) return false
      level -= weight
      left -= weight
      return true
    },
  }
}

/** What each rider does next, at most one thing each: a list of riders for each slot of a day. */
function createCalendar(count: number): {
  add(rider: number, atMs: number): void
  run(handle: (rider: number, nowMs: number) => void): void
} {
  const none = -1
  const first = new Int32Array(slots).fill(none)
  const following = new Int32Array(count)
  let current = none
  return {
    add(rider, atMs) {
      const slot = Math.max(current + 1, Math.floor(atMs / slotMs))
      // After the day nobody looks.
      if (slot >= slots) return
      following[rider] = first[slot] ?? none
      first[slot] = rider
    },
    run(handle) {
      for (current = 0; current < slots; current += 1) {
        let rider = first[current] ?? none
        while (rider !== none) {
          const next = following[rider] ?? none
          handle(rider, current * slotMs)
          rider = next
        }
      }
    },
  }
}
