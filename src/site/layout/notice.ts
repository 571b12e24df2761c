/** A notice at the top of the page, for things the rider or the operator must know before all else. */

import { createElement, requireElement } from '../lib/elements.ts'

export interface Notice {
  readonly heading: string
  readonly paragraphs: readonly string[]
  /** one line each, such as the settings that are wrong */
  readonly items?: readonly string[]
}

export function showNotice({ heading, paragraphs, items = [] }: Notice): void {
  const title = createElement('h2', heading)
  title.id = 'notice-title'
  const notice = createElement('section', '', 'notice')
  notice.setAttribute('aria-labelledby', title.id)
  notice.append(title, ...paragraphs.map((text) => createElement('p', text)))
  if (items.length > 0) {
    const list = createElement('ul')
    list.append(...items.map((text) => createElement('li', text)))
    notice.append(list)
  }
  requireElement('main', HTMLElement).prepend(notice)
}
