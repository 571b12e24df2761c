/**
 * Binds a form to what it does. Its states:
 *
 *     idle        ── submit, all fields right ──────> submitting
 *     submitting  ── result "navigate" ─────────────> leaving      the page is left
 *                 ── result "done" ─────────────────> idle         errors and passwords are cleared
 *                 ── result "error", or it throws ──> idle         the error is shown
 *                 ── the page is left ──────────────> idle         the result is ignored
 *     leaving     ── the page is left ──────────────> idle         passwords are cleared
 *
 * Whatever a submit throws becomes a sentence here, and nowhere else.
 *
 * @see docs/decisions/0006-forms-and-pages.md
 */

import { requireElement } from '../lib/elements.ts'
import { afterPress } from './after-press.ts'
import { bindErrorSummary } from './error-summary.ts'
import type { FormErrors } from './form-errors.ts'
import { bindField, type FieldReader, type FormField } from './form-field.ts'
import { bindPasswordFields } from './password-field.ts'
import { replayEarlySubmit } from './replay-early-submit.ts'
import { retryWhenOnline } from './retry-when-online.ts'
import { bindSubmitButton } from './submit-button.ts'
import { type FormError, type SubmitResult, submitError } from './submit-result.ts'
import { prefetchErrors, toFormError } from './to-form-error.ts'

export interface FormOptions<Values> {
  /** selector of the form */
  readonly form: string
  /** a reader for each field, by the id of its input, in the order of the page */
  readonly fields: { readonly [Id in keyof Values & string]: FieldReader<Values[Id]> }
  /** ids of fields that are checked when they are left, not only on submit */
  readonly checkOnLeave?: readonly (keyof Values & string)[]
  /** what errors mean in this form, beside what they mean in every form; a function is called before the submit */
  readonly errors?: FormErrors | ((values: Values) => FormErrors)
  readonly submit: (values: Values) => SubmitResult | Promise<SubmitResult>
  /** whether screen readers say that the form is busy; not needed where the result comes at once */
  readonly announcesBusy?: boolean
}

/** Fields of all forms: the page has one error summary, and errors of the form that was sent last. */
const fieldsOfPage = new Set<FormField>()

export interface BoundForm {
  /** Takes the errors away, for a page that moves on by itself. */
  clearErrors(): void
}

/** @throws {ElementError} when the form, its button, a field or the place of an error is missing */
export function bindForm<Values extends object>(options: FormOptions<Values>): BoundForm {
  const form = requireElement(options.form, HTMLFormElement)
  const buttonElement = requireElement('button[type=submit]', HTMLButtonElement, form)
  const button = bindSubmitButton(buttonElement, { announcesBusy: options.announcesBusy ?? true })
  const summary = bindErrorSummary()
  const fields = Object.entries<FieldReader<unknown>>(options.fields).map(([id, read]) =>
    bindField(id, read),
  )
  for (const field of fieldsOfPage) if (!field.input.isConnected) fieldsOfPage.delete(field)
  for (const field of fields) fieldsOfPage.add(field)
  /** whether the last submit left the page: its passwords are not shown again */
  let isAccepted = false
  /** counts submits, and visits that ended: a result of an older one is ignored */
  let attempt = 0
  /** ends what would send the form by itself */
  let retry = new AbortController()
  /** ends listeners outside of the form when it is removed from the page */
  const lifetime = new AbortController()

  bindPasswordFields(form, lifetime.signal)
  replayEarlySubmit(form, buttonElement)
  form.addEventListener(
    'submit',
    (event) => {
      event.preventDefault()
      if (!button.isDisabled()) void submit()
    },
    // Before the listener of `inline/early-submit.ts`, which holds what nobody has prevented.
    { capture: true },
  )
  form.addEventListener('focusin', prefetchErrors, { once: true })
  form.addEventListener('input', () => {
    recheckInvalidFields()
    retry.abort()
  })
  for (const field of fields) {
    if (options.checkOnLeave?.some((id) => id === field.id)) {
      field.input.addEventListener('change', () => afterPress(() => checkField(field)))
    }
  }
  window.addEventListener('pagehide', handlePageHide, { signal: lifetime.signal })
  return { clearErrors }

  async function submit(): Promise<void> {
    retry.abort()
    blankErrors()
    const values = readFields()
    if (!values) return hideBlankSlots()
    attempt += 1
    const ownAttempt = attempt
    isAccepted = false
    button.setBusy(true)
    const result = await runSubmit(values)
    if (ownAttempt === attempt) await handleResult(result)
  }

  async function runSubmit(values: Values): Promise<SubmitResult> {
    const { errors } = options
    const formErrors = typeof errors === 'function' ? errors(values) : errors
    try {
      return await options.submit(values)
    } catch (error) {
      return submitError(await toFormError(error, formErrors))
    }
  }

  async function handleResult(result: SubmitResult): Promise<void> {
    if (result.kind === 'navigate') {
      // The button stays busy until the page is gone.
      isAccepted = true
      return result.navigate()
    }
    hideBlankSlots()
    if (!form.isConnected) return lifetime.abort()
    button.setBusy(false)
    switch (result.kind) {
      case 'done':
        clearPasswords()
        await result.afterwards?.()
        if (!form.isConnected) lifetime.abort()
        break
      case 'error':
        showError(result.error)
        break
      default:
        result satisfies never
    }
  }

  /** Back may bring this page up again as it was left. */
  function handlePageHide(): void {
    attempt += 1
    button.setBusy(false)
    hideBlankSlots()
    retry.abort()
    if (isAccepted) clearPasswords()
  }

  /** @returns `undefined` when fields are wrong, and shows what is */
  function readFields(): Values | undefined {
    const readings = fields.map((field) => ({ field, reading: field.read() }))
    const wrong = readings.flatMap(({ field, reading }) =>
      'problem' in reading ? [{ field, text: reading.problem }] : [],
    )
    if (wrong.length === 0) {
      const values = readings.map(({ field, reading }) => [
        field.id,
        'value' in reading ? reading.value : undefined,
      ])
      // Every reader gave the value its type promises; TypeScript cannot follow that through entries.
      return Object.fromEntries(values) as Values
    }
    clearOtherForms()
    for (const { field, text } of wrong) field.showError(text)
    summary.show(wrong.map(({ field, text }) => ({ text, input: field.input })))
    summary.focus()
    return undefined
  }

  function showError(error: FormError): void {
    const { text, links, selectField, clearField, retryAfterSeconds, waitField } = error
    clearOtherForms()
    const field = fields.find(({ id }) => id === error.field)
    field?.showError(text)
    summary.show([{ text, input: field?.input }], links)
    for (const { id, input } of fields) if (id === clearField) input.value = ''
    if (field && selectField) {
      field.input.focus()
      field.input.select()
    } else {
      summary.focus()
    }
    retry = new AbortController()
    const again = () => {
      if (form.isConnected) void submit()
    }
    if (retryAfterSeconds !== undefined) {
      const awaited = fields.find(({ id }) => id === waitField)?.input
      const valueNow = awaited?.value
      button.disableForSeconds(
        retryAfterSeconds,
        () => awaited?.value === valueNow,
        error.repeat?.(again, retry.signal),
      )
    }
    if (error.retryWhenOnline) retryWhenOnline(again, retry.signal)
  }

  function clearErrors(): void {
    blankErrors()
    hideBlankSlots()
  }

  /** Takes the errors away and keeps their places: nothing may move under the pointer. */
  function blankErrors(): void {
    for (const field of fieldsOfPage) field.blankError()
    summary.blank()
  }

  function hideBlankSlots(): void {
    for (const field of fieldsOfPage) field.clearIfBlank()
    summary.hideIfBlank()
  }

  /** The summary is this form's now: a field that it does not list is not marked. */
  function clearOtherForms(): void {
    for (const field of fieldsOfPage) if (!fields.includes(field)) field.clearError()
  }

  /** While the user types, the error follows the value and goes when it is right. */
  function recheckInvalidFields(): void {
    for (const field of fields.filter(({ isInvalid }) => isInvalid())) {
      const reading = field.read()
      if ('problem' in reading) {
        field.showError(reading.problem)
        summary.update(field.input, reading.problem)
      } else {
        field.clearError()
        summary.remove(field.input)
      }
    }
  }

  function checkField(field: FormField): void {
    const reading = field.read()
    if (field.input.value !== '' && 'problem' in reading) field.showError(reading.problem)
  }

  /** Whoever comes back by the Back button finds no password that was accepted. */
  function clearPasswords(): void {
    for (const { input } of fields) {
      if (input.autocomplete.endsWith('password')) input.value = ''
    }
  }
}
