/**
 * Paths that lead elsewhere, in the form of an Amplify app's "Rewrites and redirects". The last rules are for
 * what is no file of the site: the page that says so, with the status that says so too. Of several rules the first one
 * counts that fits.
 *
 * @see https://docs.aws.amazon.com/amplify/latest/userguide/redirects.html
 */

import { translations } from './languages.ts'

export interface Redirect {
  readonly source: string
  readonly target: string
  readonly status: '302' | '404'
}

/** Shown for every path that is nothing else. */
export const notFoundPage = '/404.html'

const folders = translations.map(({ lang }) => `/${lang}`)

export const redirects: readonly Redirect[] = [
  // @see https://www.w3.org/TR/change-password-url/
  {
    source: '/.well-known/change-password',
    target: '/account.html#change-password',
    status: '302',
  },
  // The home page of a language, and its own page for unknown addresses.
  ...folders.map((folder) => ({ source: folder, target: `${folder}/`, status: '302' }) as const),
  ...folders.map(
    (folder) =>
      ({ source: `${folder}/<*>`, target: `${folder}${notFoundPage}`, status: '404' }) as const,
  ),
  { source: '/<*>', target: notFoundPage, status: '404' },
]

/** The page for an address that does not exist, in the language of its folder. */
export function findNotFoundPage(path: string): string {
  const rule = redirects.find(
    ({ source, status }) => status === '404' && path.startsWith(source.replace('<*>', '')),
  )
  return rule?.target ?? notFoundPage
}
