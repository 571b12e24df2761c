/** The TIMESTAMP of a PASSWORD_VERIFIER response. */

import { describe, expect, test } from 'vitest'
import {
  parseTimestamp,
  toTimestamp,
} from '../../../../../src/local-cloud/user-pool/srp/timestamp.ts'
import { srpVectors } from '../../../../support/srp-vectors.ts'

describe('TIMESTAMP', () => {
  test.each([
    ['Sat Mar 14 09:05:07 UTC 2026', '2026-03-14T09:05:07Z'],
    ['Thu Nov 5 23:59:08 UTC 2026', '2026-11-05T23:59:08Z'],
    ['Thu Dec 31 00:00:00 UTC 2026', '2026-12-31T00:00:00Z'],
    ['Tue Feb 29 12:00:00 UTC 2028', '2028-02-29T12:00:00Z'],
  ])('TIMESTAMP: %s is parsed and formatted', (text, iso) => {
    expect(parseTimestamp(text)).toBe(Date.parse(iso))
    expect(toTimestamp(Date.parse(iso))).toBe(text)
  })

  test.each(srpVectors)(
    'TIMESTAMP: the one of the SRP test vector "$name" is parsed',
    ({ timestamp }) => {
      expect(parseTimestamp(timestamp)).toBe(Date.parse(timestamp))
    },
  )

  test.each([
    ['a leading zero in the day', 'Thu Nov 05 23:59:08 UTC 2026'],
    ['two spaces before the day', 'Thu Nov  5 23:59:08 UTC 2026'],
    ['the wrong weekday', 'Fri Nov 5 23:59:08 UTC 2026'],
    ['30 February', 'Mon Feb 30 12:00:00 UTC 2026'],
    ['29 February of a common year', 'Sun Feb 29 12:00:00 UTC 2026'],
    ['31 April', 'Fri Apr 31 12:00:00 UTC 2026'],
    ['day 0', 'Sat Nov 0 12:00:00 UTC 2026'],
    ['hour 24', 'Thu Nov 5 24:00:00 UTC 2026'],
    ['second 60', 'Thu Nov 5 23:59:60 UTC 2026'],
    ['an hour without a leading zero', 'Sat Mar 14 9:05:07 UTC 2026'],
    ['another time zone', 'Thu Nov 5 23:59:08 GMT 2026'],
    ['a time zone offset', 'Thu Nov 5 23:59:08 +0000 2026'],
    ['lower case', 'thu nov 5 23:59:08 utc 2026'],
    ['another language', 'Do Nov 5 23:59:08 UTC 2026'],
    ['an unknown month', 'Thu Xxx 5 23:59:08 UTC 2026'],
    ['a year of two digits', 'Thu Nov 5 23:59:08 UTC 26'],
    ['ISO 8601', '2026-11-05T23:59:08Z'],
    ['a trailing line break', 'Thu Nov 5 23:59:08 UTC 2026\n'],
    ['nothing', ''],
  ])('TIMESTAMP: %s is rejected', (_, text) => {
    expect(parseTimestamp(text)).toBeUndefined()
  })
})
