/**
 * Paths that lead elsewhere, in the form of an Amplify app's "Rewrites and redirects". Everything else that
 * is no file of the site is a 404: no rule may answer unknown paths with a page.
 *
 * @see https://docs.aws.amazon.com/amplify/latest/userguide/redirects.html
 */

export interface Redirect {
  readonly source: string
  readonly target: string
  readonly status: '302'
}

export const redirects: readonly Redirect[] = [
  // @see https://www.w3.org/TR/change-password-url/
  {
    source: '/.well-known/change-password',
    target: '/account.html#change-password',
    status: '302',
  },
]
