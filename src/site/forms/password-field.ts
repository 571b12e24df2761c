/**
 * What a password field has beside it: "Show password", whose button names the field in `data-reveals`, and
 * word of Caps Lock in `data-caps-lock`. Shown passwords are hidden again on submit.
 */

import { requireElement } from '../lib/elements.ts'

interface ToggleWords {
  readonly show: string
  readonly hide: string
}

interface Toggle {
  readonly button: HTMLButtonElement
  readonly input: HTMLInputElement
  readonly words: ToggleWords
}

/** @param life ends what listens to the window */
export function bindPasswordFields(root: ParentNode, life: AbortSignal): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>('button[data-reveals]')) {
    const input = requireElement(`#${button.dataset.reveals}`, HTMLInputElement)
    bindToggle({ button, input, words: readWords(button) }, life)
  }
  for (const hint of root.querySelectorAll<HTMLElement>('[data-caps-lock]')) {
    bindCapsLock(requireElement(`#${hint.dataset.capsLock}`, HTMLInputElement), hint)
  }
}

function bindToggle(toggle: Toggle, life: AbortSignal): void {
  const { button, input } = toggle
  button.hidden = false
  button.addEventListener('click', () => setRevealed(toggle, input.type === 'password'))
  // Coming back by the Back button, the page may be as it was left.
  window.addEventListener(
    'pageshow',
    ({ persisted }) => {
      if (persisted) setRevealed(toggle, false)
    },
    { signal: life },
  )
  button.form?.addEventListener('submit', () => setRevealed(toggle, false))
}

/** The button's own text says "Show ..."; what it says meanwhile stands in `data-hide`. */
function readWords(button: HTMLButtonElement): ToggleWords {
  return { show: button.textContent.trim(), hide: button.dataset.hide ?? '' }
}

function setRevealed({ button, input, words }: Toggle, isRevealed: boolean): void {
  const { selectionStart, selectionEnd } = input
  input.type = isRevealed ? 'text' : 'password'
  input.setSelectionRange(selectionStart, selectionEnd)
  button.textContent = isRevealed ? words.hide : words.show
}

/** Keys alone tell of Caps Lock, so the hint comes with the first one. */
function bindCapsLock(input: HTMLInputElement, hint: HTMLElement): void {
  for (const type of ['keydown', 'keyup'] as const) {
    input.addEventListener(type, (event) => {
      // Password managers send key events that are none.
      if (event instanceof KeyboardEvent) hint.hidden = !event.getModifierState('CapsLock')
    })
  }
  input.addEventListener('blur', () => {
    hint.hidden = true
  })
}
