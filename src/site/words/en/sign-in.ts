/** What the steps of a sign-in say beyond what every form may say. */

export const signInWords = {
  expired:
    'That took too long. Enter your password again. If you have added a key to your app meanwhile, remove it there: a new one comes.',
} as const
