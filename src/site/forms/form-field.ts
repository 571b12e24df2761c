/** One field of a form: its input, the reader of its value, and its error in the element `#<id>-error`. */

import { t } from '../i18n/t.ts'
import { createElement, requireElement } from '../lib/elements.ts'
import { blankSlot, hideSlot, isBlankSlot, showSlot } from './error-slot.ts'

/** A field's value, or what is wrong with it. */
export type FieldReading<Value> = { readonly value: Value } | { readonly problem: string }

export type FieldReader<Value> = (input: HTMLInputElement) => FieldReading<Value>

export interface FormField {
  readonly id: string
  readonly input: HTMLInputElement
  read(): FieldReading<unknown>
  showError(text: string): void
  clearError(): void
  isInvalid(): boolean
  /** Takes the error away and keeps its place. */
  blankError(): void
  clearIfBlank(): void
}

/** @throws {ElementError} when the input or the place of its error is missing */
export function bindField(id: string, read: FieldReader<unknown>): FormField {
  const input = requireElement(`#${id}`, HTMLInputElement)
  const place = requireElement(`#${id}-error`, HTMLElement)

  function unmarkInput(): void {
    input.removeAttribute('aria-invalid')
    setDescribedBy(input, place.id, false)
  }

  function clearError(): void {
    unmarkInput()
    hideSlot(place)
    place.replaceChildren()
  }

  return {
    id,
    input,
    read: () => read(input),
    showError(text) {
      place.replaceChildren(createElement('span', t('Error: '), 'visually-hidden'), text)
      showSlot(place)
      input.setAttribute('aria-invalid', 'true')
      setDescribedBy(input, place.id, true)
    },
    clearError,
    isInvalid: () => input.ariaInvalid === 'true',
    blankError() {
      unmarkInput()
      blankSlot(place)
    },
    clearIfBlank() {
      if (isBlankSlot(place)) clearError()
    },
  }
}

/** Adds or removes one id of `aria-describedby`, which also names the field's hint. */
function setDescribedBy(input: HTMLInputElement, id: string, isAdded: boolean): void {
  const ids = (input.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean)
  const others = ids.filter((other) => other !== id)
  const described = isAdded ? [...others, id] : others
  if (described.length > 0) input.setAttribute('aria-describedby', described.join(' '))
  else input.removeAttribute('aria-describedby')
}
