/**
 * How the site's scripts are cut into files: small ones compress badly, and each is a request. Left to the bundler,
 * the sign-in page fetches 14 files before it answers in place of 3, and 1.4 kB more (brotli); the ride page 10 in place
 * of 5, and 3.6 kB less. These groups can go when the bundler merges small chunks by itself.
 */

import type { Rolldown } from 'vite'

/** A module belongs to the first group that takes it. What no group takes is the bundler's choice. */
const groups: Rolldown.CodeSplittingGroup[] = [
  // Only pages of signed-in users need it at once.
  {
    name: 'session',
    test: /\/src\/site\/(layout\/(protected-page|user-menu)|ride\/ride-api-client|auth\/(account-settings|session\/(call-as-user|joined-session|refresh|session|sign-out)))\.ts$/,
  },
  // Every page needs most of it.
  {
    name: 'site',
    test: /\/src\/(site\/(layout|lib(?!\/show-name)|i18n|auth(?!\/typed-password))\/|site\/\w+\.ts|shared\/(?!confirmation-code|password-policy))|vite\/preload-helper/,
    tags: ['$initial'],
  },
  // Every form but the first one of signing in: 1.5 kB that sign-in does not wait for.
  {
    name: 'account-fields',
    test: /\/src\/(site\/forms\/(code-field|email-\w+|new-password-field|resend-\w+)|shared\/(confirmation-code|password-policy))\.ts$/,
    tags: ['$initial'],
  },
  { name: 'forms', test: /\/src\/site\/(forms\/|lib\/show-name)/, tags: ['$initial'] },
]

export const output: Rolldown.OutputOptions = {
  codeSplitting: { groups, includeDependenciesRecursively: false },
  entryFileNames: 'assets/pages/[name]-[hash].js',
  // A page's module is no entry when the pages of several languages share it.
  chunkFileNames: ({ moduleIds }) =>
    moduleIds.some((id) => id.includes('/src/site/pages/'))
      ? 'assets/pages/[name]-[hash].js'
      : 'assets/[name]-[hash].js',
}
