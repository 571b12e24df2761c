/** The error summary, `#error-summary`: every error of the form in one place, which gets the focus. */

import { t } from '../i18n/t.ts'
import { createElement, requireElement } from '../lib/elements.ts'
import { blankSlot, hideSlot, isBlankSlot, showSlot } from './error-slot.ts'
import type { Link } from './submit-result.ts'

/** One error: a link to its field where it has one. */
export interface SummaryItem {
  readonly text: string
  readonly input?: HTMLInputElement | undefined
}

export interface ErrorSummary {
  /** @param links other ways to go on */
  show(items: readonly SummaryItem[], links?: readonly Link[]): void
  focus(): void
  /** Changes the text about a field. */
  update(input: HTMLInputElement, text: string): void
  /** Takes the error about a field away; the summary goes with the last one. */
  remove(input: HTMLInputElement): void
  /** Hides what the summary says and keeps its place. */
  blank(): void
  hideIfBlank(): void
}

/** @throws {ElementError} when the page has no summary */
export function bindErrorSummary(): ErrorSummary {
  const summary = requireElement('#error-summary', HTMLElement)
  const list = requireElement('ul', HTMLUListElement, summary)
  /** stands before the page's title while there are errors */
  const titlePrefix = t('Error: ')

  const findLink = ({ id }: HTMLInputElement) => list.querySelector(`a[href="#${id}"]`)

  function markTitle(): void {
    unmarkTitle()
    document.title = `${titlePrefix}${document.title}`
  }

  function unmarkTitle(): void {
    if (document.title.startsWith(titlePrefix)) {
      document.title = document.title.slice(titlePrefix.length)
    }
  }

  function hide(): void {
    hideSlot(summary)
    unmarkTitle()
  }

  return {
    show(items, links = []) {
      const lines = items.map(({ text, input }) =>
        input ? createFieldLink(input, text) : createElement('span', text),
      )
      const actions = createElement('span', '', 'error-actions')
      actions.append(...links.map(createLink))
      list.replaceChildren(...[...lines, ...(links.length > 0 ? [actions] : [])].map(wrapInItem))
      showSlot(summary)
      markTitle()
    },
    focus: () => summary.focus(),
    update(input, text) {
      const link = findLink(input)
      if (link) link.textContent = text
    },
    remove(input) {
      findLink(input)?.closest('li')?.remove()
      if (!list.querySelector('li')) hide()
    },
    blank() {
      blankSlot(summary)
      unmarkTitle()
    },
    hideIfBlank() {
      if (isBlankSlot(summary)) hide()
    },
  }
}

function wrapInItem(line: HTMLElement): HTMLLIElement {
  const item = createElement('li')
  item.append(line)
  return item
}

function createFieldLink(input: HTMLInputElement, text: string): HTMLAnchorElement {
  const link = createLink({ text, href: `#${input.id}` })
  link.addEventListener('click', (event) => {
    event.preventDefault()
    input.focus()
  })
  return link
}

function createLink({ text, href }: Link): HTMLAnchorElement {
  const link = createElement('a', text)
  link.href = href
  return link
}
