/** The pages of the site: files at the top of the repository, without `.html`. */

export const pageNames = [
  'index',
  'register',
  'verify',
  'signin',
  'forgot',
  'ride',
  'account',
  '404',
] as const

/** The page for unknown addresses. */
export const notFoundName = '404' satisfies PageName

/** Pages for signed-in users: hosts and browsers keep no copy of them. */
export const protectedPageNames = ['ride', 'account'] as const satisfies readonly PageName[]

export type PageName = (typeof pageNames)[number]
