/**
 * A password field's "Show" button, which names the field in `data-reveals`, and its Caps Lock hint, which does so in
 * `data-caps-lock`. Shown passwords are hidden again on submit.
 */

import { requireElement } from '../lib/elements.ts'

interface ShowButton {
  readonly button: HTMLButtonElement
  readonly input: HTMLInputElement
  readonly show: ButtonName
  readonly hide: ButtonName
}

interface ButtonName {
  /** what the button shows */
  readonly text: string
  /** its accessible name, which begins with `text` and says what is shown or hidden */
  readonly label: string
}

/** @param lifetime ends listeners on the window */
export function bindPasswordFields(root: ParentNode, lifetime: AbortSignal): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>('button[data-reveals]')) {
    const input = requireElement(`#${button.dataset.reveals}`, HTMLInputElement)
    const { hide = '', hideLabel = '' } = button.dataset
    const show = { text: button.textContent, label: button.getAttribute('aria-label') ?? '' }
    bindShowButton({ button, input, show, hide: { text: hide, label: hideLabel } }, lifetime)
  }
  for (const hint of root.querySelectorAll<HTMLElement>('[data-caps-lock]')) {
    bindCapsLockHint(requireElement(`#${hint.dataset.capsLock}`, HTMLInputElement), hint)
  }
}

function bindShowButton(field: ShowButton, lifetime: AbortSignal): void {
  const { button, input } = field
  button.hidden = false
  button.addEventListener('click', () => setRevealed(field, input.type === 'password'))
  // The back/forward cache brings a page up as it was left.
  window.addEventListener(
    'pageshow',
    ({ persisted }) => {
      if (persisted) setRevealed(field, false)
    },
    { signal: lifetime },
  )
  button.form?.addEventListener('submit', () => setRevealed(field, false))
}

function setRevealed({ button, input, show, hide }: ShowButton, isRevealed: boolean): void {
  const { selectionStart, selectionEnd } = input
  input.type = isRevealed ? 'text' : 'password'
  input.setSelectionRange(selectionStart, selectionEnd)
  const { text, label } = isRevealed ? hide : show
  button.textContent = text
  button.setAttribute('aria-label', label)
}

/** Only key events tell about Caps Lock. */
function bindCapsLockHint(input: HTMLInputElement, hint: HTMLElement): void {
  for (const type of ['keydown', 'keyup'] as const) {
    input.addEventListener(type, (event) => {
      // Password managers send events of these names that are no key events.
      if (event instanceof KeyboardEvent) hint.hidden = !event.getModifierState('CapsLock')
    })
  }
  input.addEventListener('blur', () => {
    hint.hidden = true
  })
}
