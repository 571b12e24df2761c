/**
 * Brings what is new into the page without a reload, and copies codes. The server renders the lists; this
 * fetches its page and swaps the list, so there is one place that knows how an item looks.
 */

const pollEveryMs = 1000

/** A list that grows; the attribute's value is what to say when it has. */
const live = document.querySelector<HTMLElement>('[data-live]')
const status = document.querySelector('#status')

/** The page as it is now. Parsed by the browser, which Trusted Types allow for a document request. */
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

function toIds(list: Element): string {
  return [...list.querySelectorAll('[id]')].map(({ id }) => id).join()
}

async function bringNews(list: HTMLElement): Promise<void> {
  const fresh = (await fetchPage())?.querySelector('[data-live]')
  if (!fresh || toIds(fresh) === toIds(list)) return
  list.replaceChildren(...fresh.children)
  offerCopying(list)
  if (status) status.textContent = list.dataset.live ?? ''
}

function offerCopying(list: Element): void {
  for (const button of list.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
    button.hidden = false
    button.addEventListener('click', () => void copy(button))
  }
}

async function copy(button: HTMLButtonElement): Promise<void> {
  await navigator.clipboard.writeText(button.dataset.copy ?? '')
  if (status) status.textContent = 'Code copied.'
}

if (live) {
  offerCopying(live)
  setInterval(() => {
    if (!document.hidden) void bringNews(live)
  }, pollEveryMs)
}
