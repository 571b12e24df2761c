/**
 * The service's clock, as the `Date` headers of its responses tell it. Clocks of devices are wrong by minutes or
 * days, and the service refuses a sign-in whose timestamp differs from its own.
 */

/** milliseconds that the service's clock is ahead of this device's */
let serviceAheadMs = 0

/** @param date the `Date` header of a response; without one this device's clock counts */
export function updateClockSkew(date: string | null): void {
  const serviceMs = Date.parse(date ?? '')
  if (Number.isFinite(serviceMs)) serviceAheadMs = serviceMs - Date.now()
}

/** @returns milliseconds since the Unix epoch, by the service's clock */
export function serviceNowMs(): number {
  return Date.now() + serviceAheadMs
}
