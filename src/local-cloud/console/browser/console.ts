/**
 * Brings new letters into the inbox without a reload, and copies codes. The server renders the letters;
 * this fetches its page and swaps the list, so there is one place that knows how a letter looks.
 */

const pollEveryMs = 1000

const letters = document.querySelector('#letters')
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
  return [...list.children].map(({ id }) => id).join()
}

async function bringNewLetters(list: Element): Promise<void> {
  const fresh = (await fetchPage())?.querySelector('#letters')
  if (!fresh || toIds(fresh) === toIds(list)) return
  list.replaceChildren(...fresh.children)
  offerCopying(list)
  if (status) status.textContent = 'New letter.'
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

if (letters) {
  offerCopying(letters)
  setInterval(() => {
    if (!document.hidden) void bringNewLetters(letters)
  }, pollEveryMs)
}
