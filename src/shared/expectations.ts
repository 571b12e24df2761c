/** What was expected of a setting of `/js/config.js`, for those who tell it: the pages and the commands. */

export const expectations = {
  object: 'an object in braces',
  text: 'a text in quotes',
  'known-name': 'a known name (remove it or correct it)',
  'pool-id': 'a user pool id like us-east-1_AbCdEf123',
  'pool-region': 'the region that the user pool id begins with',
  'client-id': 'an app client id of letters and digits',
  'https-url': 'a URL that begins with https://',
  'sign-in': "a list with 'password', and maybe 'passkey' and 'email-code'",
  'tile-url': 'a URL like https://tiles.example.com/{z}/{x}/{y}.png, with no other braces',
  attribution: 'the words that the makers of the tiles ask for',
} as const
export type Expectation = keyof typeof expectations
