/** Badges: the state of a card in one or two words. */

/** @param isGood whether it is the state that is safer for the user */
export function showBadge(badge: HTMLElement, text: string, isGood: boolean): void {
  badge.textContent = text
  badge.classList.toggle('badge-success', isGood)
}
