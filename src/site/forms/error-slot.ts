/**
 * An element that shows errors is shown, hidden, or blank: blank keeps its place on the page with nothing to see or
 * hear in it, so that nothing moves under the pointer while a form is sent again.
 */

export function showSlot(place: HTMLElement): void {
  place.hidden = false
  place.style.visibility = ''
}

export function hideSlot(place: HTMLElement): void {
  place.hidden = true
  place.style.visibility = ''
}

export function blankSlot(place: HTMLElement): void {
  place.style.visibility = 'hidden'
}

export function isBlankSlot({ style }: HTMLElement): boolean {
  return style.visibility === 'hidden'
}
