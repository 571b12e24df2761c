/** Watches, answers and holds the calls that pages make to the user pool. */

import type { Page, Route } from '@playwright/test'
import { poolApi } from './fixtures.ts'

/** @returns the bodies of the calls of one operation from now on, as they are sent */
export function watchCalls(page: Page, operation: string): readonly unknown[] {
  const bodies: unknown[] = []
  page.on('request', (request) => {
    if (isCallOf(operation, request.headers())) bodies.push(request.postDataJSON())
  })
  return bodies
}

/** @returns the names of the operations that are called from now on */
export function watchOperations(page: Page): readonly string[] {
  const operations: string[] = []
  page.on('request', (request) => {
    const target = request.headers()['x-amz-target']
    if (target) operations.push(target.replace(/^.*\./, ''))
  })
  return operations
}

/** @returns the URLs of the POST requests from now on */
export function watchPosts(page: Page): readonly string[] {
  const urls: string[] = []
  page.on('request', (request) => {
    if (request.method() === 'POST') urls.push(request.url())
  })
  return urls
}

/** Waits until a page has the response to a call of this operation. */
export function waitForResponseOf(page: Page, operation: string) {
  return page.waitForResponse((response) => isCallOf(operation, response.request().headers()))
}

/** Handles the calls of one operation with `handler`; other calls reach the pool. */
export async function routeCalls(
  page: Page,
  operation: string,
  handler: (route: Route) => Promise<void> | void,
): Promise<void> {
  await page.route(poolApi, (route) =>
    isCallOf(operation, route.request().headers()) ? handler(route) : route.fallback(),
  )
}

export interface Gate {
  /** resolves when the gate is opened */
  readonly opened: Promise<void>
  open(): void
}

/** For a handler that waits until the test lets it go on. */
export function createGate(): Gate {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

export interface HeldResponses {
  /** whether the pool has answered a call, and the page does not know it yet */
  isHeld(): boolean
  release(): void
}

/** Lets calls of one operation reach the pool and holds the responses, also for a page that no longer waits for them. */
export async function holdResponses(page: Page, operation: string): Promise<HeldResponses> {
  const gate = createGate()
  let isHeld = false
  await routeCalls(page, operation, async (route) => {
    const response = await route.fetch()
    isHeld = true
    await gate.opened
    await route.fulfill({ response }).catch(() => undefined)
  })
  return { isHeld: () => isHeld, release: gate.open }
}

function isCallOf(operation: string, headers: Readonly<Record<string, string>>): boolean {
  return headers['x-amz-target']?.endsWith(`.${operation}`) ?? false
}
