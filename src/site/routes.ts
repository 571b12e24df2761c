/** The page URLs, once, and the ways between them. */

import { parseUrl } from '../shared/url.ts'
import type { Departure } from './forms/bind-form.ts'
import { type Arrival, announceArrival } from './lib/tab-state.ts'

export const routes = {
  register: '/register.html',
  verify: '/verify.html',
  signIn: '/signin.html',
  forgot: '/forgot.html',
  ride: '/ride.html',
  account: '/account.html',
} as const

/** Pages on the way in: they hand on where the rider wanted to go, and are never the goal themselves. */
const wayIn: readonly string[] = [routes.register, routes.verify, routes.signIn, routes.forgot]

/**
 * The way to a page of this site; the present one stays behind the Back button.
 *
 * @param arrival why that page is opened, for its first words
 */
export function goTo(path: string, arrival?: Arrival): Departure {
  return departBy(() => location.assign(path), arrival)
}

/** The same in place of the present page, which Back shall not bring up again. */
export function replaceWith(path: string, arrival?: Arrival): Departure {
  return departBy(() => location.replace(path), arrival)
}

function departBy(open: () => void, arrival: Arrival | undefined): Departure {
  return {
    depart() {
      if (arrival) announceArrival(arrival)
      open()
    },
  }
}

/**
 * Where to go after signing in, as `next` in the query says. Only paths of this site count.
 *
 * @param search the query of `address`, with or without its question mark
 * @param address absolute URL of the present page
 */
export function readNext(search: string, address: string): string | undefined {
  const next = new URLSearchParams(search).get('next')
  const url = next === null ? undefined : parseUrl(next, address)
  if (!url) return undefined
  const { origin, pathname, search: query, hash } = url
  const isOurs = origin === new URL(address).origin && !pathname.startsWith('//')
  return isOurs && !wayIn.includes(pathname) ? pathname + query + hash : undefined
}

/** `path` with `next` handed on, if there is one. */
export function withNext(path: string, next: string | undefined): string {
  return next === undefined ? path : `${path}?${new URLSearchParams({ next })}`
}

/** Whether a link leads to a page on the way in, which must hand `next` on. */
export function isOnWayIn(pathname: string): boolean {
  return wayIn.includes(pathname)
}

/** `next` of the page that is open. */
export function currentNext(): string | undefined {
  return readNext(location.search, location.href)
}
