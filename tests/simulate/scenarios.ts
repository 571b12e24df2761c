/** What comes over a user pool at once. The quotas are those that AWS gives every account. */

import { quotaCategories } from '../../src/shared/cognito-quotas.ts'
import type { Crowd } from './crowd.ts'

const { UserAuthentication, UserCreation } = quotaCategories
const minuteMs = 60_000
const hourMs = 60 * minuteMs
export const daySeconds = 86_400

/** of `src/aws/user-pool.yaml`, as it is deployed without parameters */
export const tokenLifeMs = hourMs
export const refreshTokenLifeMs = 24 * hourMs

/** SES outside of its sandbox, as an account may begin: AWS publishes no figure, so this one is an assumption */
export const assumedSender = { perSecond: 14, perDay: 50_000 } as const

const quotas = {
  UserAuthentication: { perSecond: UserAuthentication.requestsPerSecond },
  /** responses to challenges have a quota of their own */
  responses: { perSecond: 3 * UserAuthentication.requestsPerSecond },
  UserCreation: { perSecond: UserCreation.requestsPerSecond },
  emails: { perSecond: Number.MAX_SAFE_INTEGER },
} as const

export interface Scenario {
  readonly name: string
  /** what happens, for whoever reads the figures */
  readonly story: string
  /** seconds in which the quotas alone can let all riders in; infinite where they never can */
  leastSeconds(riders: number): number
  /** what to do where that is longer than a day */
  advise(riders: number): string
  crowd(riders: number): Crowd
}

const renewalStep = { quota: 'UserAuthentication', by: 'background' } as const

export const nineOClock: Scenario = {
  name: "Nine o'clock",
  story: 'tabs wake at the same instant, their tokens over, and renew them',
  leastSeconds: (riders) => riders / quotas.UserAuthentication.perSecond,
  advise: (riders) =>
    `Refresh tokens end while tabs wait, and those riders must sign in, by the same quota. Buy UserAuthentication: ${forAnHour(riders)} for an hour; with RefreshTokenHours=168 fewer tokens end meanwhile.`,
  crowd: (riders) => ({
    riders,
    quotas,
    steps: [renewalStep],
    startMs: () => 0,
    // They signed in between ten and six on the day before.
    endMs: (random) => refreshTokenLifeMs - (15 + 8 * random()) * hourMs,
  }),
}

/** renewals a second of open tabs when nothing is wrong */
const renewalsPerSecond = (riders: number) => riders / (tokenLifeMs / 1000)
const outageMs = 10 * minuteMs

export const outage: Scenario = {
  name: 'Ten minutes of outage, and back',
  story:
    'open tabs with tokens of any age renew them; nothing is answered for ten minutes. Those who were to renew then are counted, from its end',
  leastSeconds(riders) {
    const left = quotas.UserAuthentication.perSecond - renewalsPerSecond(riders)
    return left > 0
      ? (renewalsPerSecond(riders) * outageMs) / 1000 / left
      : Number.POSITIVE_INFINITY
  },
  advise: (riders) =>
    `So many open tabs renew ${format(renewalsPerSecond(riders))} times a second with no outage at all: UserAuthentication must be more than that, and twice as much to be over an outage in as long as it took.`,
  crowd: (riders) => ({
    riders,
    quotas,
    steps: [renewalStep],
    outageMs,
    startMs(random, client) {
      const endsAtMs = tokenLifeMs * random()
      const atMs = client.renewalMs({ lifeMs: tokenLifeMs, endsAtMs }, random)
      // Renewed before the outage: it is due again.
      return atMs < 0 ? atMs + tokenLifeMs : atMs
    },
  }),
}

export const everybodySignsIn: Scenario = {
  name: 'Everybody signs in',
  story: 'riders come within ten minutes and sign in with their password',
  leastSeconds: (riders) => riders / quotas.UserAuthentication.perSecond,
  advise: (riders) =>
    `Nobody waits a day to sign in. Buy UserAuthentication: ${forAnHour(riders)} for an hour; and do not end all sessions at once.`,
  crowd: (riders) => ({
    riders,
    quotas,
    steps: [
      { quota: 'UserAuthentication', by: 'sign-in' },
      { quota: 'responses', by: 'press' },
    ],
    startMs: (random) => 10 * minuteMs * random(),
  }),
}

export const launchDay: Scenario = {
  name: 'Launch day',
  story: 'riders come within an hour, register, verify and are in',
  leastSeconds: (riders) => (2 * riders) / quotas.UserCreation.perSecond,
  advise: (riders) =>
    `Buy UserCreation: ${format((2 * riders) / daySeconds)} a second for a day; or invite riders over ${format(launchDay.leastSeconds(riders) / daySeconds)} days.`,
  crowd: (riders) => ({
    riders,
    quotas,
    steps: [
      { quota: 'UserCreation', by: 'press' },
      { quota: 'emails', by: 'press' },
      // The code is read and typed.
      { quota: 'UserCreation', by: 'press', pauseMs: (random) => 20_000 + 40_000 * random() },
      { quota: 'UserAuthentication', by: 'press' },
    ],
    startMs: (random) => hourMs * random(),
  }),
}

export const slowSender: Scenario = {
  name: 'A throttled email sender',
  story: `the same with a sender of ${assumedSender.perSecond} emails a second and ${format(assumedSender.perDay)} a day`,
  leastSeconds: (riders) =>
    riders <= assumedSender.perDay
      ? Math.max(launchDay.leastSeconds(riders), riders / assumedSender.perSecond)
      : (riders / assumedSender.perDay) * daySeconds,
  advise: (riders) =>
    `The sender is the limit, not Cognito: ask SES for ${format(riders)} emails a day; or invite riders over ${format(riders / assumedSender.perDay)} days.`,
  crowd: (riders) => ({ ...launchDay.crowd(riders), quotas: { ...quotas, emails: assumedSender } }),
}

export const scenarios: readonly Scenario[] = [
  launchDay,
  nineOClock,
  outage,
  everybodySignsIn,
  slowSender,
]

function forAnHour(riders: number): string {
  return `${format(riders / 3600)} a second`
}

/** Such as "1,234", "8.3" */
export function format(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 })
}
