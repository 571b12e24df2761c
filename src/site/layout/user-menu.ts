/**
 * The menu of the signed-in rider, in the header of protected pages: their name opens it, and it leads to their
 * pages and out. The browser's popover opens and closes it.
 */

import { requireElement } from '../lib/elements.ts'
import { showName } from '../lib/show-name.ts'

export interface UserMenu {
  /** @param name none while it is not known: the menu is there all the same, so that one can sign out */
  show(name?: string): void
  /** Hides the menu and removes the name. */
  hide(): void
}

/** Binds `#user-menu`. */
export function bindUserMenu(onSignOut: () => void): UserMenu {
  const root = requireElement('#user-menu', HTMLElement)
  const menu = requireElement('#menu', HTMLElement)
  const buttonName = requireElement('#menu-name', HTMLElement)
  const menuName = requireElement('#menu-user', HTMLElement)
  const unnamed = buttonName.textContent

  requireElement('#sign-out', HTMLButtonElement).addEventListener('click', onSignOut)
  root.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !root.contains(relatedTarget)) close()
  })
  // The back/forward cache brings a page up as it was left.
  window.addEventListener('pagehide', close)

  function close(): void {
    // Browsers without popovers show what the menu holds.
    menu.hidePopover?.()
  }

  function setName(name: string): void {
    buttonName.textContent = name || unnamed
    buttonName.title = name
    showName(menuName, name)
  }

  return {
    show(name) {
      if (name) setName(name)
      root.hidden = false
    },
    hide() {
      root.hidden = true
      setName('')
    },
  }
}
