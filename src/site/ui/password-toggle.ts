/** "Show password": each button names its field in `data-reveals`; shown passwords are hidden again on submit. */

import { requireElement } from './elements.ts'

interface ToggleWords {
  readonly show: string
  readonly hide: string
}

export function bindPasswordToggles(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>('button[data-reveals]')) {
    const input = requireElement(`#${button.dataset.reveals}`, HTMLInputElement)
    const words = readWords(button)
    button.hidden = false
    button.addEventListener('click', () => {
      setRevealed({ button, input, words }, input.type === 'password')
    })
    // Coming back by the Back button, the page may be as it was left.
    window.addEventListener('pageshow', () => setRevealed({ button, input, words }, false))
    button.form?.addEventListener('submit', () => setRevealed({ button, input, words }, false))
  }
}

/** The button's own text says "Show ..."; what it says meanwhile stands in `data-hide`. */
function readWords(button: HTMLButtonElement): ToggleWords {
  return { show: button.textContent.trim(), hide: button.dataset.hide ?? '' }
}

function setRevealed(
  {
    button,
    input,
    words,
  }: { button: HTMLButtonElement; input: HTMLInputElement; words: ToggleWords },
  isRevealed: boolean,
): void {
  const { selectionStart, selectionEnd } = input
  input.type = isRevealed ? 'text' : 'password'
  input.setSelectionRange(selectionStart, selectionEnd)
  button.textContent = isRevealed ? words.hide : words.show
}
