/** Entry point of the Lambda function. */

import { createCustomMessageHandler, type EmailLanguage } from './handler.ts'

/** The catalogs' texts of emails, which the build puts in. */
declare const emailLanguages: readonly EmailLanguage[]

const siteOrigin = process.env.SITE_ORIGIN
if (!/^https?:\/\/[^/]+$/.test(siteOrigin ?? '')) {
  throw new Error('SITE_ORIGIN: expected the origin of the site, without a slash at the end')
}

export const handler = createCustomMessageHandler({
  siteUrl: () => siteOrigin ?? '',
  languages: emailLanguages,
})
