/** The client setting PreventUserExistenceErrors, for tests that hold under both of its values. */
export const ENABLED = { preventsUserExistenceErrors: true } as const
export const LEGACY = { preventsUserExistenceErrors: false } as const

export const userExistenceErrors = [
  ['ENABLED', ENABLED],
  ['LEGACY', LEGACY],
] as const
