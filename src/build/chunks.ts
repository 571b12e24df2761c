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
    test: /\/src\/site\/(layout\/(protected-page|user-menu)|lib\/backoff|auth\/(account-settings|session\/(call-as-user|joined-session|refresh|session|sign-out)))\.ts$/,
  },
  // The ride page's; the account page needs it when an account is deleted.
  { name: 'rides', test: /\/src\/site\/(ride\/(places|ride-api-client)|lib\/reduced-motion)\.ts$/ },
  // The account page's: its scripts that are fetched later need some of them too.
  {
    name: 'account',
    test: /\/src\/site\/(account\/|pages\/account\.ts)/,
    tags: ['$initial'],
  },
  // Every page needs most of it.
  {
    name: 'site',
    test: /\/src\/(site\/(layout|lib(?!\/(clone-template|language-links|navigation-type|reduced-motion|short-hash|show-name))|i18n|auth(?!\/typed-password))\/|site\/\w+\.ts|shared\/(?!confirmation-code|password-policy))|vite\/preload-helper/,
    tags: ['$initial'],
  },
  // Every way to sign in needs it, and each comes in a file of its own.
  {
    name: 'start-session',
    test: /\/src\/site\/auth\/(continue-sign-in|session\/start-session)\.ts$/,
  },
  // Sign-in does not wait for any of these, nor verify for the rules of a new password, nor register for a code.
  {
    name: 'new-password',
    test: /\/src\/(site\/forms\/new-password-field|shared\/password-policy)\.ts$/,
    tags: ['$initial'],
  },
  {
    name: 'codes',
    test: /\/src\/(site\/forms\/(code-field|resend-\w+)|shared\/confirmation-code)\.ts$/,
    tags: ['$initial'],
  },
  {
    name: 'email',
    test: /\/src\/site\/(forms\/(email-\w+|emailed-codes|sign-up-session)|lib\/(language-links|navigation-type|short-hash))\.ts$/,
    tags: ['$initial'],
  },
  {
    name: 'forms',
    test: /\/src\/site\/(forms\/(?!error-messages)|lib\/show-name)/,
    tags: ['$initial'],
  },
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
