/** Changes to the page that wait until a press is over: what it aims at must not move away. */

let isPointerDown = false
document.addEventListener('pointerdown', () => {
  isPointerDown = true
})
for (const event of ['pointerup', 'pointercancel']) {
  document.addEventListener(event, () => {
    isPointerDown = false
  })
}

/** Runs `change` now, or when the press under way has become a click. */
export function afterPress(change: () => void): void {
  if (isPointerDown)
    document.addEventListener('pointerup', () => setTimeout(change), { once: true })
  else change()
}
