/**
 * Paths that lead elsewhere, in the form of an Amplify app's "Rewrites and redirects". The last rule is for
 * what is no file of the site: the page that says so, with the status that says so too.
 *
 * @see https://docs.aws.amazon.com/amplify/latest/userguide/redirects.html
 */

export interface Redirect {
  readonly source: string
  readonly target: string
  readonly status: '302' | '404'
}

/** Shown for every path that is nothing else. */
export const notFoundPage = '/404.html'

export const redirects: readonly Redirect[] = [
  // @see https://www.w3.org/TR/change-password-url/
  {
    source: '/.well-known/change-password',
    target: '/account.html#change-password',
    status: '302',
  },
  { source: '/<*>', target: notFoundPage, status: '404' },
]
