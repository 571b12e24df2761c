/** TIMESTAMP of PASSWORD_VERIFIER: `Sat Mar 14 09:05:07 UTC 2026`, English, UTC, the day without a leading zero. */

const days: readonly string[] = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months: readonly string[] = [
  ...['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun'],
  ...['Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
]

/** @param timeMs milliseconds since the Unix epoch */
export function toTimestamp(timeMs: number): string {
  const date = new Date(timeMs)
  const time = date.toISOString().slice(11, 19)
  return `${days[date.getUTCDay()]} ${months[date.getUTCMonth()]} ${date.getUTCDate()} ${time} UTC ${date.getUTCFullYear()}`
}

/** @returns milliseconds since the Unix epoch, `undefined` for a text not exactly in Cognito's format */
export function parseTimestamp(text: string): number | undefined {
  const parts = /^\w{3} (\w{3}) (\d{1,2}) (\d\d:\d\d:\d\d) UTC (\d{4})$/.exec(text)
  if (!parts) return undefined
  const [, monthName = '', day, time, year] = parts
  const month = months.indexOf(monthName) + 1
  const twoDigits = (value: unknown) => String(value).padStart(2, '0')
  const timeMs = Date.parse(`${year}-${twoDigits(month)}-${twoDigits(day)}T${time}Z`)
  // Formatting it again detects a zero-padded day, a wrong weekday and 30 February.
  return Number.isNaN(timeMs) || toTimestamp(timeMs) !== text ? undefined : timeMs
}
