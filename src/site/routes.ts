/** The page URLs, once, and the ways between them. */

import { parseUrl } from './url.ts'

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

/** Told by a form's `submit` when the page is about to be left. */
export type Leaving = 'leaving'

/** Opens a page of this site; the present one stays behind the Back button. */
export function goTo(path: string): Leaving {
  location.assign(path)
  return 'leaving'
}

/** Opens a page in place of the present one, which Back shall not bring up again. */
export function replaceWith(path: string): Leaving {
  location.replace(path)
  return 'leaving'
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
