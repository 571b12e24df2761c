/** Why a page cannot do its work here, for riders and for the operator. */

export { expectations } from '../../../shared/expectations.ts'

export const noticeWords = {
  outdatedHeading: 'This browser is too old',
  outdated: ['It lacks what keeps your password safe here. Open this page in a newer browser.'],
  insecureHeading: 'This connection is not safe',
  insecure: [
    'Others could read along or change this page, so nobody can register or sign in here. Open it with https:// in front of the address.',
  ],
  notConfiguredHeading: 'No Cognito user pool configured',
  notConfigured: [
    'This site does not know its user pool yet, so nobody can register or sign in.',
    'Set userPoolId, userPoolClientId and region in /js/config.js (public/js/config.js in the repository).',
  ],
  misconfiguredHeading: 'The settings in /js/config.js need attention',
  misconfigured: ['Nobody can register or sign in until these settings are right:'],
  configProblem: (setting: string, expected: string) => `${setting}: expected ${expected}`,
} as const
