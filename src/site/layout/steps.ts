/** Pages that go by steps: one section at a time, under a main heading of its own. */

import { createFromTemplate } from '../lib/clone-template.ts'
import { requireElement } from '../lib/elements.ts'

/** the step that came from a template */
let opened: HTMLElement | undefined

/** Shows the step that a template holds, as a new one, and hides the others. */
export function openStep(template: string): void {
  const step = createFromTemplate(template)
  requireElement('main', HTMLElement).append(step)
  showStep(step)
  opened = step
}

/**
 * Shows a section and hides the others that have a `data-step`, which is the heading; the focus goes there,
 * so that everyone notices.
 */
export function showStep(step: HTMLElement): void {
  opened?.remove()
  for (const section of document.querySelectorAll<HTMLElement>('[data-step]')) {
    section.hidden = section !== step
  }
  const heading = requireElement('h1', HTMLHeadingElement)
  heading.textContent = step.dataset.step ?? ''
  heading.tabIndex = -1
  heading.focus()
  // The site's name ends every title.
  const [siteName = ''] = / – [^–]*$/.exec(document.title) ?? []
  document.title = `${heading.textContent}${siteName}`
}
