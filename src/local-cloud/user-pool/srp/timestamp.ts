/** TIMESTAMP of PASSWORD_VERIFIER: `Sat Mar 14 09:05:07 UTC 2026`, English, UTC, no zero before the day. */

const days: readonly string[] = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months: readonly string[] = [
  ...['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun'],
  ...['Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
]

/** @param timeMs milliseconds since the Unix epoch */
export function toTimestamp(timeMs: number): string {
  const time = new Date(timeMs)
  const clockFace = time.toISOString().slice(11, 19)
  return `${days[time.getUTCDay()]} ${months[time.getUTCMonth()]} ${time.getUTCDate()} ${clockFace} UTC ${time.getUTCFullYear()}`
}

/** @returns milliseconds since the Unix epoch, or `undefined` unless written exactly as Cognito demands */
export function parseTimestamp(text: string): number | undefined {
  const parts = /^\w{3} (\w{3}) (\d{1,2}) (\d\d:\d\d:\d\d) UTC (\d{4})$/.exec(text)
  if (!parts) return undefined
  const [, monthName = '', day, clockFace, year] = parts
  const month = months.indexOf(monthName) + 1
  const twoDigits = (value: unknown) => String(value).padStart(2, '0')
  const timeMs = Date.parse(`${year}-${twoDigits(month)}-${twoDigits(day)}T${clockFace}Z`)
  // Writing it out again catches a zero-padded day, a wrong weekday and 30 February at once.
  return Number.isNaN(timeMs) || toTimestamp(timeMs) !== text ? undefined : timeMs
}
