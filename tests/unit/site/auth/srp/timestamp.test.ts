import { afterEach, expect, test, vi } from 'vitest'
import { serviceNowMs, updateClockSkew } from '../../../../../src/site/auth/clock-skew.ts'
import { toTimestamp } from '../../../../../src/site/auth/srp/srp-client.ts'

afterEach(() => {
  vi.useRealTimers()
})

// The form that the client library writes, for the same moments.
test.each([
  ['2026-03-14T09:05:07Z', 'Sat Mar 14 09:05:07 UTC 2026'],
  ['2026-11-05T23:59:08Z', 'Thu Nov 5 23:59:08 UTC 2026'],
  ['2026-12-31T00:00:00Z', 'Thu Dec 31 00:00:00 UTC 2026'],
  ['2026-07-02T12:00:00Z', 'Thu Jul 2 12:00:00 UTC 2026'],
])('SRP timestamp: %s is written as Cognito expects it', (time, written) => {
  vi.useFakeTimers({ now: new Date(time) })
  updateClockSkew(new Date(time).toUTCString())
  expect(toTimestamp(serviceNowMs())).toBe(written)
})

test('clock skew: a device that is a day behind uses the time of the service', () => {
  vi.useFakeTimers({ now: new Date('2026-11-23T10:00:00Z') })
  updateClockSkew('Tue, 24 Nov 2026 10:00:00 GMT')
  expect(toTimestamp(serviceNowMs())).toBe('Tue Nov 24 10:00:00 UTC 2026')
  vi.advanceTimersByTime(5000)
  expect(toTimestamp(serviceNowMs())).toBe('Tue Nov 24 10:00:05 UTC 2026')
})

test.each([null, '', 'yesterday'])(
  'clock skew: a response with the Date header %j changes nothing',
  (date) => {
    vi.useFakeTimers({ now: new Date('2026-11-24T10:00:00Z') })
    updateClockSkew('Tue, 24 Nov 2026 10:00:09 GMT')
    updateClockSkew(date)
    expect(serviceNowMs()).toBe(Date.parse('2026-11-24T10:00:09Z'))
  },
)
