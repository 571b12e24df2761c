/**
 * The URLs of the pages, relative to the page that they stand on, so that a rider stays in their language and the site may
 * live under any path; and `next`: where to go after signing in.
 */

import { parseUrl } from '../shared/url.ts'

export const routes = {
  register: 'register.html',
  verify: 'verify.html',
  signIn: 'signin.html',
  forgot: 'forgot.html',
  ride: 'ride.html',
  account: 'account.html',
} as const

/** Pages on the way to being signed in: they preserve `next`, and are never its value. Hosts send them without `.html` too. */
export function isAuthPage(pathname: string): boolean {
  return /\/(register|verify|signin|forgot)(\.html)?$/.test(pathname)
}

/** @param path relative or from the root, with query and hash */
export function isProtectedPage(path: string): boolean {
  return /^([^?#]*\/)?(ride|account)(\.html)?($|[?#])/.test(path)
}

/**
 * Where to go after signing in, as `next` in the query says. Only paths of this site count: anything else would be
 * an open redirect. The ride and the account page of any language are those of the page's own.
 *
 * @param search the query of `address`, with or without its question mark
 * @param address absolute URL of the current page
 * @returns from the root
 */
export function readNext(search: string, address: string): string | undefined {
  const next = new URLSearchParams(search).get('next')
  const url = next === null ? undefined : parseUrl(next, address)
  if (!url) return undefined
  const { origin, pathname, search: query, hash } = url
  const isSameSite = origin === new URL(address).origin && !pathname.startsWith('//')
  if (!isSameSite || isAuthPage(pathname)) return undefined
  const path = isProtectedPage(pathname) ? toFolder(address) + toFileName(pathname) : pathname
  return path + query + hash
}

/** @returns path with a slash at the end */
function toFolder(address: string): string {
  return new URL('.', address).pathname
}

function toFileName(pathname: string): string {
  return pathname.replace(/.*\//, '')
}

/** `next` of the current page. */
export function currentNext(): string | undefined {
  return readNext(location.search, location.href)
}

export function withNext(path: string, next: string | undefined): string {
  return next === undefined ? path : `${path}?${new URLSearchParams({ next })}`
}
