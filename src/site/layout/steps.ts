/**
 * The steps of a page. Each has an entry in the browser's history, so that Back leads to the step before; the entry
 * holds the number of its step, and nothing of the user's.
 */

import { cloneTemplate } from '../lib/clone-template.ts'
import { requireElement } from '../lib/elements.ts'
import { stepNumber } from './step-number.ts'

export interface Step {
  readonly name: string
  readonly show: () => void
  /** Shows what was there before it. */
  readonly close: () => void
  /** whether Forward may show it again, with empty fields */
  readonly reopens?: boolean
}

/** the steps that are open, after the page's first one */
const openSteps: Step[] = []
/** the step that Back has closed last */
let closedStep: Step | undefined
/** the section that came from a template */
let templateSection: HTMLElement | undefined
/** settled when no way back is under way: two at once would lead too far */
let returning = Promise.resolve()

window.addEventListener('popstate', followHistory)
// The back/forward cache brings a page up as it was left, with the entry of a step that may have ended.
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) void returnToStep(openSteps.length)
})

/** Opens a step: in a new history entry, or in that of the last step if it has the same name. */
export function openStep(step: Step): void {
  if (openSteps.at(-1)?.name === step.name) openSteps.pop()
  // The first step's entry, which Back leads to.
  if (history.state === null) markEntry()
  openSteps.push(step)
  // A page that is loaded again at the entry of a step uses that one.
  if (stepNumber() < openSteps.length) history.pushState(null, '')
  markEntry()
  step.show()
}

/** Goes back to the step before, as the browser's Back does. */
export async function closeStep(): Promise<void> {
  await returnToStep(openSteps.length - 1)
  followHistory()
}

/** Goes back to before a step that is done with: Forward does not show it again. The caller shows what comes next. */
export function endStep(name: string): Promise<void> {
  forgetStep(name)
  return returnToStep(openSteps.length)
}

/** The same for a page that is being left: its history stays as it is. */
export function forgetStep(name: string): void {
  const index = openSteps.findIndex((step) => step.name === name)
  if (index >= 0) openSteps.length = index
  closedStep = undefined
}

/** Goes back to the history entry of an earlier step, and leaves it to the caller to show it. */
export function returnToStep(step: number): Promise<void> {
  returning = returning.then(() => goBackTo(step))
  return returning
}

async function goBackTo(step: number): Promise<void> {
  // A link within the page has made an entry more for the same step.
  while (stepNumber() > step) {
    history.go(step - stepNumber())
    if (!(await hasArrived())) return
  }
}

/** @returns false when the page is left: the entry was of another page */
function hasArrived(): Promise<boolean> {
  const end = new AbortController()
  const options = { signal: end.signal, capture: true }
  return new Promise((resolve) => {
    const settle = (event: Event) => {
      end.abort()
      const isHere = event.type === 'popstate'
      if (isHere) event.stopImmediatePropagation()
      // In Firefox, what opens in place of this page before the next task takes the place of the entry that was left.
      setTimeout(resolve, 0, isHere)
    }
    window.addEventListener('popstate', settle, options)
    window.addEventListener('pagehide', settle, options)
  })
}

function followHistory(): void {
  // A link within the page makes an entry of the step that is open.
  if (history.state === null) markEntry()
  const number = stepNumber()
  while (openSteps.length > number) {
    closedStep = openSteps.pop()
    closedStep?.close()
  }
  if (openSteps.length === number) return
  if (closedStep?.reopens && number === openSteps.length + 1) openStep(closedStep)
  else void returnToStep(openSteps.length)
}

function markEntry(): void {
  history.replaceState({ step: openSteps.length }, '')
}

/** Shows the section that a template holds, and hides the others. */
export function showTemplateSection(template: string): void {
  const section = cloneTemplate(template)
  requireElement('[data-step]', HTMLElement).after(section)
  showSection(section)
  templateSection = section
}

/** Shows one of the sections with a `data-step`, which is its heading, and moves the focus there. */
export function showSection(shown: HTMLElement): void {
  templateSection?.remove()
  for (const section of document.querySelectorAll<HTMLElement>('[data-step]')) {
    section.hidden = section !== shown
    if (section.hidden) clearSecrets(section)
  }
  const heading = requireElement('h1', HTMLHeadingElement)
  heading.textContent = shown.dataset.step ?? ''
  heading.tabIndex = -1
  heading.focus()
  // The site's name ends every title.
  const [siteName = ''] = / – [^–]*$/.exec(document.title) ?? []
  document.title = `${heading.textContent}${siteName}`
}

/** What was typed waits for Back and Forward, but no password and no code. */
function clearSecrets(section: HTMLElement): void {
  for (const input of section.querySelectorAll<HTMLInputElement>(
    '[autocomplete$=password], [autocomplete=one-time-code]',
  )) {
    input.value = ''
    input.dispatchEvent(new Event('input'))
  }
}
