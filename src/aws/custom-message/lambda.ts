/** Entry point of the Lambda function. */

import { createCustomMessageHandler, type EmailLanguage } from './handler.ts'

/** The catalogs' texts of emails, which the build puts in. */
declare const emailLanguages: readonly EmailLanguage[]

const siteUrl = process.env.SITE_URL
if (!/^https?:\/\/[^/]+$/.test(siteUrl ?? '')) {
  throw new Error('SITE_URL: expected the origin of the site, without a slash at the end')
}

export const handler = createCustomMessageHandler({
  siteUrl: () => siteUrl ?? '',
  languages: emailLanguages,
})
