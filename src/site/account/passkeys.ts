/** The card of the passkeys: what it does is fetched when it comes into view. */

import type { AccountDetails, Session } from '../auth/index.ts'
import { networkSentences } from '../forms/form-errors.ts'
import { withTexts } from '../i18n/t.ts'
import type { ProtectedPage } from '../layout/protected-page.ts'
import { requireElement } from '../lib/elements.ts'
import { lazyImport } from '../lib/lazy-import.ts'
import { NetworkError } from '../lib/network-error.ts'
import type { PasskeysCard } from './passkeys-card.ts'
import { withRecentSignIn } from './recent-sign-in.ts'
import { hasOwnUsername } from './sign-in-name.ts'

const loadCard = lazyImport(withTexts(() => import('./passkeys-card.ts')))

/** Binds the section `#passkeys`, or takes it away where the site has no passkeys. */
export function bindPasskeys(
  page: ProtectedPage,
  hasPasskeys: boolean,
): { show(details: AccountDetails, session: Session): void; hide(): void } {
  const section = requireElement('#passkeys', HTMLElement)
  if (!hasPasskeys) {
    section.remove()
    requireElement('[href="#passkeys"]', HTMLElement).remove()
    return { show: () => undefined, hide: () => undefined }
  }
  let card: PasskeysCard | undefined
  let shown: readonly [AccountDetails, Session] | undefined
  // Before it is seen, so that its list is there by then.
  const observer = new IntersectionObserver(
    (entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) void open(false)
    },
    { rootMargin: '25%' },
  )

  async function open(isRenamed: boolean): Promise<void> {
    observer.disconnect()
    try {
      const { bindPasskeysCard } = await loadCard()
      card ??= bindPasskeysCard((run) => withRecentSignIn(page, run), page)
      if (shown) card.show(...shown, isRenamed)
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error
      requireElement('#passkeys-note', HTMLElement).textContent = networkSentences[error.code]
    }
  }

  return {
    show(details, session) {
      const isRenamed =
        shown !== undefined && shown[0].email !== details.email && !hasOwnUsername(session)
      shown = [details, session]
      if (card || isRenamed) void open(isRenamed)
      else observer.observe(section)
    },
    hide() {
      shown = undefined
      card?.hide()
    },
  }
}
