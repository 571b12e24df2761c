/**
 * Updates the list on the page without a reload, and copies codes. It fetches the page again and replaces the list,
 * so that only the server renders items.
 */

const pollIntervalMs = 1000

/** The list to update. The attribute's value is announced when the list has changed. */
const live = document.querySelector<HTMLElement>('[data-live]')
const status = document.querySelector('#status')

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

function toIds(list: Element): string {
  return [...list.querySelectorAll('[id]')].map(({ id }) => id).join()
}

async function updateList(list: HTMLElement): Promise<void> {
  const fresh = (await fetchPage())?.querySelector('[data-live]')
  if (!fresh || toIds(fresh) === toIds(list)) return
  list.replaceChildren(...fresh.children)
  enableCopyButtons(list)
  if (status) status.textContent = list.dataset.live ?? ''
}

function enableCopyButtons(list: Element): void {
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
  enableCopyButtons(live)
  setInterval(() => {
    if (!document.hidden) void updateList(live)
  }, pollIntervalMs)
}
