/**
 * Takes the place of the client library's module of this name (see vite.config.ts), which writes the time of
 * a proof by the device's clock.
 */

import { serviceNowMs } from '../service-clock.ts'

// biome-ignore lint/style/noDefaultExport: the library imports it so.
export default class DateHelper {
  /** Such as `Thu Nov 5 23:59:08 UTC 2026`: the day without, the time with leading zeros. */
  getNowString(): string {
    const [weekday, day, month, year, time] = new Date(serviceNowMs())
      .toUTCString()
      .replace(',', '')
      .split(' ')
    return `${weekday} ${month} ${Number(day)} ${time} UTC ${year}`
  }
}
