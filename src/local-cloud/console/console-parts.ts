/** What several pages of the console show alike. */

import { type Html, html } from './html.ts'

/** Pages of one section of the navigation. */
const sectionPages = {
  users: [
    { label: 'Users', path: '/console/users' },
    { label: 'Groups', path: '/console/groups' },
  ],
  template: [
    { label: 'Template', path: '/console/template' },
    { label: 'App clients', path: '/console/clients' },
  ],
} as const

/** @param current path of the page */
export function toSectionLinks(section: keyof typeof sectionPages, current: string): Html {
  return toLinks(
    sectionPages[section].map((page) => ({ ...page, isCurrent: page.path === current })),
  )
}

/** Links to what else a page can show. */
export function toLinks(
  links: readonly { readonly label: string; readonly path: string; readonly isCurrent: boolean }[],
): Html {
  return html`<nav class="filters" aria-label="Show">${links.map(
    ({ label, path, isCurrent }) =>
      html`<a href="${path}"${isCurrent ? html` aria-current="page"` : ''}>${label}</a> `,
  )}</nav>`
}

export function toStatusLine(text = ''): Html {
  return html`<p role="status" id="status">${text}</p>`
}

/** A username or an address, which may break behind "@" and dots, and not before a short end such as ".com". */
export function toName(name: string): Html {
  const [first = '', ...rest] = name.split(/(?<=[@.])(?![^@.]{1,6}$)/)
  return html`<bdi>${first}${rest.map((part) => html`<wbr>${part}`)}</bdi>`
}

/** The name of an operation, which may break before a word. */
export function toOperation(name: string): Html {
  const [first = '', ...rest] = name.split(/(?<=[a-z])(?=[A-Z])/)
  return html`${first}${rest.map((part) => html`<wbr>${part}`)}`
}

/** UTC in full; the page's script turns it into local time and how long ago that is. */
export function toTime(timeMs: number): Html {
  const iso = new Date(timeMs).toISOString()
  return html`<time datetime="${iso}">${toUtc(iso)}</time>`
}

export function toUtc(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`
}
