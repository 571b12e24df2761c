/** What the bench sees of a page from inside. */

import * as v from 'valibot'

export const sighting = v.object({
  /** path of the page that tells */
  page: v.string(),
  what: v.picklist([
    'loaded',
    'usable',
    'listened',
    'enter',
    'rider-shown',
    'first-contentful-paint',
    'largest-contentful-paint',
    'layout-shift',
    'longtask',
  ]),
  /** milliseconds since the page was asked for, or since a prerendered one was shown */
  sinceStartMs: v.number(),
  /** milliseconds since the Unix epoch: pages can be compared by it */
  atMs: v.number(),
  /** score of a shift, milliseconds of a task */
  value: v.number(),
  isPrerendered: v.boolean(),
})
export type Sighting = v.InferOutput<typeof sighting>

/** @param page path of the page that tells */
export function isOf(page: string, what: Sighting['what']): (one: Sighting) => boolean {
  return (one) => one.page === page && one.what === what
}

/** Put into every page by DevTools. */
declare const tellBench: (text: string) => void

/**
 * Runs in a page before its own scripts, alone: it must not use anything of this file. `usable` is when a form
 * has a listener for its submit and a button that can be pressed; `listened` is told for every such listener.
 */
export function watchPage(): void {
  const tell = (what: string, ms: number, value = 0) => {
    const [navigation] = performance.getEntriesByType('navigation')
    const shownMs = Number(navigation && Reflect.get(navigation, 'activationStart'))
    tellBench(
      JSON.stringify({
        page: location.pathname,
        what,
        sinceStartMs: ms - shownMs,
        atMs: performance.timeOrigin + Math.max(ms, shownMs),
        value,
        isPrerendered: shownMs > 0,
      }),
    )
  }

  let isListenedTo = false
  let isUsable = false
  const checkForm = () => {
    if (!isListenedTo || isUsable || !document.querySelector('form [type=submit]:enabled')) return
    isUsable = true
    tell('usable', performance.now())
  }
  const addEventListener = EventTarget.prototype.addEventListener
  EventTarget.prototype.addEventListener = function (this: EventTarget, type, ...rest) {
    if (this instanceof HTMLFormElement && type === 'submit') {
      isListenedTo = true
      tell('listened', performance.now())
      checkForm()
    }
    addEventListener.call(this, type, ...rest)
  }
  new MutationObserver((_, observer) => {
    checkForm()
    const rider = document.querySelector<HTMLElement>('#user-name')
    if (rider?.checkVisibility() && rider.textContent !== '') {
      observer.disconnect()
      // A frame's callbacks come before its paint, and a timeout set by them after it.
      requestAnimationFrame(() => setTimeout(() => tell('rider-shown', performance.now())))
    }
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true })

  window.addEventListener(
    'keydown',
    ({ key, timeStamp }) => {
      if (key === 'Enter') tell('enter', timeStamp)
    },
    true,
  )

  window.addEventListener('load', () => tell('loaded', performance.now()))

  const observe = (type: string, report: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) report(entry)
    }).observe({ type, buffered: true })
  observe('paint', ({ name, startTime }) => {
    if (name === 'first-contentful-paint') tell(name, startTime)
  })
  observe('largest-contentful-paint', ({ startTime }) =>
    tell('largest-contentful-paint', startTime),
  )
  observe('longtask', ({ startTime, duration }) => tell('longtask', startTime, duration))
  observe('layout-shift', (entry) => {
    if (!Reflect.get(entry, 'hadRecentInput')) {
      tell('layout-shift', entry.startTime, Number(Reflect.get(entry, 'value')))
    }
  })
}
