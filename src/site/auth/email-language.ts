/**
 * The language of emails: that of the page which asks for them. Cognito passes it on to the function that writes emails,
 * where there is one, and keeps nothing of it.
 *
 * @see docs/decisions/0020-emails-by-a-function.md
 */

import { pageLanguage } from '../i18n/t.ts'

/** A member of the requests that send an email. */
export const emailLanguage = { ClientMetadata: { locale: pageLanguage } }
