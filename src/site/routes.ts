/** The URLs of the pages, and `next`: where to go after signing in. */

import { parseUrl } from '../shared/url.ts'

export const routes = {
  register: '/register.html',
  verify: '/verify.html',
  signIn: '/signin.html',
  forgot: '/forgot.html',
  ride: '/ride.html',
  account: '/account.html',
} as const

/** Pages on the way to being signed in: they preserve `next`, and are never its value. */
const authPages: readonly string[] = [routes.register, routes.verify, routes.signIn, routes.forgot]

/** Hosts send a page at its name without `.html` too. */
export function isAuthPage(pathname: string): boolean {
  return authPages.some((path) => path === pathname || path === `${pathname}.html`)
}

/**
 * Where to go after signing in, as `next` in the query says. Only paths of this site count: anything else would be
 * an open redirect.
 *
 * @param search the query of `address`, with or without its question mark
 * @param address absolute URL of the current page
 */
export function readNext(search: string, address: string): string | undefined {
  const next = new URLSearchParams(search).get('next')
  const url = next === null ? undefined : parseUrl(next, address)
  if (!url) return undefined
  const { origin, pathname, search: query, hash } = url
  const isSameSite = origin === new URL(address).origin && !pathname.startsWith('//')
  return isSameSite && !isAuthPage(pathname) ? pathname + query + hash : undefined
}

/** `next` of the current page. */
export function currentNext(): string | undefined {
  return readNext(location.search, location.href)
}

export function withNext(path: string, next: string | undefined): string {
  return next === undefined ? path : `${path}?${new URLSearchParams({ next })}`
}
