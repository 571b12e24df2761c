/**
 * Keeps the page up to date without a reload, and copies codes. It fetches the page again and takes new items from
 * it, so that only the server renders items. What a person is reading stays where it is.
 */

const pollIntervalMs = 1000
const statusShownMs = 5000

/** The list to update. */
const list = document.querySelector<HTMLElement>('#list')
const status = document.querySelector<HTMLElement>('#status')
const showNew = document.querySelector<HTMLButtonElement>('#show-new')

/** The version of the page that was fetched last. */
let version = document.documentElement.dataset.version ?? ''
/** A fetched page whose new items wait until a person asks for them. */
let waiting: Document | undefined
/** how far the server's clock is ahead; a test may have moved it */
let clockOffsetMs = readClockOffset(document)
let isPolling = false
let statusTimer: ReturnType<typeof setTimeout> | undefined

function readClockOffset({ documentElement }: Document): number {
  const { now } = documentElement.dataset
  return now === undefined ? 0 : Date.parse(now) - Date.now()
}

/** @returns this page as the server renders it now. An XMLHttpRequest parses it, which Trusted Types allow. */
function fetchPage(): Promise<Document | null> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    request.open('GET', location.href)
    request.responseType = 'document'
    request.onload = () => resolve(request.responseXML)
    request.onerror = () => resolve(null)
    request.send()
  })
}

/** @returns the version of the page on the server, `undefined` when it cannot be reached */
async function fetchVersion(): Promise<string | undefined> {
  try {
    const { headers } = await fetch(location.href, { method: 'HEAD' })
    return headers.get('ETag')?.replaceAll('"', '')
  } catch {
    return undefined
  }
}

async function poll(current: HTMLElement, { hasReturned = false } = {}): Promise<void> {
  if (isPolling || document.hidden) return
  isPolling = true
  const newest = await fetchVersion()
  const fresh = newest === undefined || newest === version ? null : await fetchPage()
  isPolling = false
  if (newest === undefined) {
    return say("The local cloud doesn't answer. Is it still running?", { stays: true })
  }
  if (status?.dataset.stays !== undefined) clearStatus()
  if (fresh) update(current, fresh, hasReturned)
}

function update(current: HTMLElement, fresh: Document, hasReturned: boolean): void {
  version = fresh.documentElement.dataset.version ?? ''
  clockOffsetMs = readClockOffset(fresh)
  const count = listNewItems(current, fresh).length
  if (count > 0 && isBeingRead(current, hasReturned)) {
    waiting = fresh
    if (!showNew) return
    showNew.textContent = `Show ${toCount(current, count)}`
    showNew.hidden = false
  } else {
    merge(current, fresh)
  }
  if (count > 0) say(`${toCount(current, count)}.`)
}

function toCount({ dataset }: HTMLElement, count: number): string {
  return `${count} ${count === 1 ? dataset.one : dataset.many}`
}

function listNewItems(current: Element, fresh: Document): readonly Element[] {
  const items = [...(fresh.querySelector('#list [data-items]')?.children ?? [])]
  return items.filter(({ id }) => !current.querySelector(`#${CSS.escape(id)}`))
}

/** Whether something above, or under the pointer, would move. Who has just come back reads nothing yet. */
function isBeingRead(current: HTMLElement, hasReturned: boolean): boolean {
  if (!current.querySelector('[data-items]')) return false
  const isPointedAt = current.matches(':hover') && !hasReturned
  return isPointedAt || isInUse(current) || current.getBoundingClientRect().top < 0
}

/** Whether the focus, a selection or opened details are in it. */
function isInUse(element: Element): boolean {
  const { activeElement } = document
  const selection = getSelection()
  return (
    (activeElement !== element && element.contains(activeElement)) ||
    (selection !== null && !selection.isCollapsed && selection.containsNode(element, true)) ||
    element.matches('[open]') ||
    element.querySelector('[open]') !== null
  )
}

/** Takes over what is new, what has changed and what is gone, and leaves every other item as it is. */
function merge(current: HTMLElement, fresh: Document): void {
  waiting = undefined
  if (showNew) showNew.hidden = true
  for (const id of ['count', 'next']) {
    const [old, present] = [document.querySelector(`#${id}`), fresh.querySelector(`#${id}`)]
    if (old && present && old.textContent !== present.textContent) old.replaceWith(present)
  }
  const items = current.querySelector('[data-items]')
  const freshItems = fresh.querySelector('#list [data-items]')
  if (items && freshItems) mergeItems(items, freshItems)
  else current.replaceChildren(...(fresh.querySelector('#list')?.children ?? []))
  enableCopyButtons(current)
  showTimes()
}

function mergeItems(items: Element, freshItems: Element): void {
  const present = [...freshItems.children]
  for (const item of [...items.children]) {
    if (!present.some(({ id }) => id === item.id) && !isInUse(item)) item.remove()
  }
  let next = items.firstElementChild
  for (const item of present) {
    const old = [...items.children].find(({ id }) => id === item.id)
    if (!old) {
      items.insertBefore(item, next)
      continue
    }
    next = old.nextElementSibling
    const { version: oldVersion } = old instanceof HTMLElement ? old.dataset : {}
    const { version: itemVersion } = item instanceof HTMLElement ? item.dataset : {}
    if (oldVersion !== itemVersion && !isInUse(old)) old.replaceWith(item)
  }
}

/** @param stays until the next one; otherwise it goes after a while */
function say(text: string, { stays = false } = {}): void {
  if (!status || (stays && status.dataset.stays !== undefined)) return
  keepServerMessage(status)
  clearTimeout(statusTimer)
  status.textContent = text
  delete status.dataset.stays
  if (stays) status.dataset.stays = ''
  else statusTimer = setTimeout(clearStatus, statusShownMs)
}

function clearStatus(): void {
  if (!status) return
  status.textContent = ''
  delete status.dataset.stays
}

/** What the server said stays in its place; what the script says floats over the page, so that nothing moves. */
function keepServerMessage(element: HTMLElement): void {
  if (element.dataset.floats !== undefined) return
  element.dataset.floats = ''
  if (element.textContent === '') return
  const message = document.createElement('p')
  message.className = 'done'
  message.textContent = element.textContent
  element.before(message)
}

function enableCopyButtons(element: Element): void {
  for (const button of element.querySelectorAll<HTMLButtonElement>('[data-copy][hidden]')) {
    button.hidden = false
    button.addEventListener('click', () => void copy(button))
  }
}

async function copy(button: HTMLButtonElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(button.dataset.copy ?? '')
    say(button.dataset.copied ?? '')
  } catch {
    // The clipboard is blocked: the code is selected instead.
    const code = button.previousElementSibling
    if (code) getSelection()?.selectAllChildren(code)
    say('The browser keeps the clipboard closed. The code is selected: copy it by keyboard.')
  }
}

const { hourCycle } = new Intl.DateTimeFormat(undefined, { hour: 'numeric' }).resolvedOptions()
const localTime = new Intl.DateTimeFormat('en', {
  dateStyle: 'medium',
  timeStyle: 'medium',
  ...(hourCycle && { hourCycle }),
})
const localDate = new Intl.DateTimeFormat('en', { dateStyle: 'medium' })

/** @returns such as "2 min ago", "in 3 h", or the date when it is more than a week away */
function toAge(timeMs: number): string {
  const seconds = (Date.now() + clockOffsetMs - timeMs) / 1000
  const minutes = Math.round(Math.abs(seconds) / 60)
  const hours = Math.round(minutes / 60)
  const days = Math.round(hours / 24)
  if (Math.abs(seconds) < 45) return seconds < 0 ? 'in a moment' : 'just now'
  if (days > 7) return localDate.format(timeMs)
  const distance =
    minutes < 60
      ? `${Math.max(minutes, 1)} min`
      : hours < 24
        ? `${hours} h`
        : `${days} ${days === 1 ? 'day' : 'days'}`
  return seconds < 0 ? `in ${distance}` : `${distance} ago`
}

/** Turns UTC into local time and how long ago that is. A text that has not changed is left, with its selection. */
function showTimes(): void {
  for (const time of document.querySelectorAll('time')) {
    const timeMs = Date.parse(time.dateTime)
    const local = localTime.format(timeMs)
    const age = toAge(timeMs)
    const text = time.dataset.age === undefined ? `${local} (${age})` : age
    if (time.textContent !== text) time.textContent = text
    time.title = local
  }
}

showTimes()
setInterval(() => {
  if (!document.hidden) showTimes()
}, pollIntervalMs)

if (list) {
  enableCopyButtons(list)
  showNew?.addEventListener('click', () => {
    if (waiting) merge(list, waiting)
    list.scrollIntoView()
    list.focus()
  })
  setInterval(() => void poll(list), pollIntervalMs)
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return
    showTimes()
    void poll(list, { hasReturned: true })
  })
}
