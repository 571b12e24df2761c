/** How a submit ends. */

export interface Link {
  readonly text: string
  readonly href: string
}

/** What the user must correct, or wait for. */
export interface FormError {
  readonly text: string
  /** id of the field it is about */
  readonly field?: string
  /** other ways to go on, shown below the text */
  readonly links?: readonly Link[]
  /** whether the field gets the focus, its text selected, instead of the error summary */
  readonly selectField?: boolean
  /** id of a field to clear */
  readonly clearField?: string
  /** seconds in which the form cannot be sent again */
  readonly retryAfterSeconds?: number
  /** id of the field whose change ends that wait */
  readonly waitField?: string
  /**
   * Runs when the error is shown. What it returns runs when that wait is over, and tells whether it has sent the form by
   * itself; not once `signal` is aborted, because the user has changed something or left
   */
  readonly repeat?: (submit: () => void, signal: AbortSignal) => () => boolean
  /** whether the form is sent by itself when there is a network again: nothing was sent for lack of one */
  readonly retryWhenOnline?: boolean
}

export type SubmitResult =
  /** Leaves the page, unless the user has left it meanwhile. */
  | { readonly kind: 'navigate'; readonly navigate: () => void }
  /** Stays on the page; `afterwards` runs when the form is ready for the next submit. */
  | { readonly kind: 'done'; readonly afterwards?: () => void | Promise<void> }
  /** Stays on the page and shows the error. */
  | { readonly kind: 'error'; readonly error: FormError }

export function done(afterwards?: () => void | Promise<void>): SubmitResult {
  return afterwards ? { kind: 'done', afterwards } : { kind: 'done' }
}

/** The page is being left already. */
export const alreadyLeaving: SubmitResult = { kind: 'navigate', navigate: () => undefined }

export function submitError(error: FormError): SubmitResult {
  return { kind: 'error', error }
}
