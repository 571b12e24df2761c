/**
 * The service's clock, as its answers tell it. Riders' clocks are wrong by minutes or days, and the service
 * refuses a sign-in whose proof bears another time than its own.
 */

let aheadMs = 0

/** @param date the `Date` header of an answer; without one this device's clock stands in */
export function noteServiceDate(date: string | null): void {
  const serviceMs = Date.parse(date ?? '')
  if (Number.isFinite(serviceMs)) aheadMs = serviceMs - Date.now()
}

/** @returns milliseconds since the Unix epoch */
export function serviceNowMs(): number {
  return Date.now() + aheadMs
}
