/**
 * What the emails say. English stands here, in place, and is the key of its translation, as on the pages; the same
 * catalogs have both.
 *
 * @see docs/decisions/0012-english-in-place.md
 */

/** What an email is sent for. */
export const occasions = [
  'sign-up',
  'password-reset',
  'new-email',
  'current-email',
  'sign-in',
  'invitation',
] as const

export type Occasion = (typeof occasions)[number]

/** @param text in English, a literal. @returns it in the language of the email */
export type Translate = (text: string) => string

export interface EmailText {
  readonly subject: string
  /** before the code, or before the username of an invitation */
  readonly intro: string
  /** between the username and the temporary password of an invitation */
  readonly beforePassword?: string
  /** behind the code: what to do with it, and for how long */
  readonly use: readonly string[]
  /** of the link; none in an email that the page which asked for the code waits for */
  readonly link?: string
  /** for whoever did not ask for the email */
  readonly unexpected: string
}

/** How long codes work is Cognito's, but for sign-in: that is `AuthSessionValidity` of the app client. */
export function writeEmail(occasion: Occasion, t: Translate): EmailText {
  switch (occasion) {
    case 'sign-up':
      return {
        subject: t('Verify your email for Wild Rydes'),
        intro: t("Hi, welcome to Wild Rydes! Here's the code that verifies your email:"),
        use: [useWithLink(t), dayLong(t)],
        link: t('Verify your email'),
        unexpected: t(
          "Didn't register? You can ignore this email. Nothing changes without the code.",
        ),
      }
    case 'password-reset':
      return {
        subject: t('Reset your Wild Rydes password'),
        intro: t("Hi, here's the code that resets your Wild Rydes password:"),
        use: [useWithLink(t), t('The code works for 1 hour.')],
        link: t('Reset your password'),
        unexpected: t(
          "Didn't ask for a code? You can ignore this email. Your password stays as it is without the code.",
        ),
      }
    case 'new-email':
      return {
        subject: t('Verify your new email for Wild Rydes'),
        intro: t("Hi, here's the code that makes this your email address at Wild Rydes:"),
        use: [useWithLink(t), dayLong(t)],
        link: t('Verify your new email'),
        unexpected: t(
          "Didn't change your email address? You can ignore this email. Nothing changes without the code.",
        ),
      }
    case 'current-email':
      return {
        subject: t('Verify your email for Wild Rydes'),
        intro: t("Hi, here's the code that verifies your email at Wild Rydes:"),
        use: [useWithLink(t), dayLong(t)],
        link: t('Verify your email'),
        unexpected: t(
          "Didn't ask for a code? You can ignore this email. Nothing changes without the code.",
        ),
      }
    case 'sign-in':
      return {
        subject: t('Your Wild Rydes sign-in code'),
        intro: t("Hi, here's the code that signs you in to Wild Rydes:"),
        use: [
          t('Enter it within 15 minutes on the page that asked for it.'),
          t("Don't share it: whoever has the code can sign in as you."),
        ],
        unexpected: t(
          "Didn't try to sign in? You can ignore this email. Nobody gets in without the code.",
        ),
      }
    case 'invitation':
      return {
        subject: t('Your Wild Rydes account'),
        intro: t('Hi, your Wild Rydes account is ready. Sign in as:'),
        beforePassword: t('And your temporary password:'),
        use: [t('Sign in and choose your own password. The temporary one works for 7 days.')],
        link: t('Sign in'),
        unexpected: t("Didn't expect an account? You can ignore this email."),
      }
    default:
      return occasion satisfies never
  }
}

function useWithLink(t: Translate): string {
  return t(
    "Enter it on the page that asked for it, or open the link, and we'll fill it in for you.",
  )
}

function dayLong(t: Translate): string {
  return t('The code works for 24 hours.')
}
