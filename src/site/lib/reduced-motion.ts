/** Whether the user has asked their device for less motion; they may change their mind while a page is open. */

export function prefersReducedMotion(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches
}
