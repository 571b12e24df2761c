/** About setting up an authenticator app. */

export const appWords = {
  keyNotKept: 'Confirm that you have kept the key',
  qrCode: 'QR code with the key for your authenticator app',
  turnedOn: 'Signing in asks for a code of your authenticator app from now on.',
  turnedOff: 'Signing in asks for your password only from now on.',
} as const
