/**
 * Account page, for signed-in riders. It says that it is looking who is there, and fetches the rest of itself
 * meanwhile.
 */

import { formWords } from '#words/form.ts'
import { startPage } from '../layout/page-shell.ts'
import { requireElement } from '../lib/elements.ts'
import { fetchPart } from '../lib/lazy-import.ts'

const checking = requireElement('#loading', HTMLElement)

if (await startPage()) {
  checking.hidden = false
  try {
    const { openAccountPage } = await fetchPart(() => import('../account/account-page.ts'))
    openAccountPage()
  } catch (error) {
    showMissing()
    throw error
  }
}

function showMissing(): void {
  checking.hidden = true
  const trouble = requireElement('#load-error', HTMLElement)
  requireElement('p', HTMLElement, trouble).textContent = formWords.network
  requireElement('#try-again', HTMLButtonElement).addEventListener('click', () => location.reload())
  trouble.hidden = false
}
