/** The files of the built site's scripts, as `page.route` matches them. */
export const scripts = {
  /** the first script of each page */
  pages: '**/assets/pages/*.js',
  /** what all pages share */
  shared: '**/assets/site-*.js',
  /** the calls to the user pool, fetched when a form is submitted */
  userPool: '**/assets/sign-in-*.js',
  /** the steps of a sign-in after the password */
  challengeSteps: '**/assets/challenge-steps-*.js',
  /** what the button of the passkey does */
  passkeySignIn: '**/assets/passkey-sign-in-*.js',
  /** what the service's errors mean, and the sentences for them, fetched when a form gets the focus */
  serviceErrors: '**/assets/service-error-*.js',
  errorMessages: '**/assets/error-messages-*.js',
  deleteRides: '**/assets/delete-rides-*.js',
  /** what it shares with the ride page */
  rides: '**/assets/rides-*.js',
  emailTypos: '**/assets/email-typos-*.js',
  qrCode: '**/assets/qr-code-*.js',
  map: '**/assets/map-*.js',
  mapStyle: '**/assets/map-*.css',
} as const
