/** Pages with steps: one section at a time, under a main heading of its own. */

import { cloneTemplate } from '../lib/clone-template.ts'
import { requireElement } from '../lib/elements.ts'

/** the step that came from a template */
let templateStep: HTMLElement | undefined

/** Shows the step that a template holds, and hides the others. */
export function showTemplateStep(template: string): void {
  const step = cloneTemplate(template)
  requireElement('[data-step]', HTMLElement).after(step)
  showStep(step)
  templateStep = step
}

/** Shows one of the sections with a `data-step`, which is its heading, and moves the focus there. */
export function showStep(step: HTMLElement): void {
  templateStep?.remove()
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
