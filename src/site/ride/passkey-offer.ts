/**
 * Offers a passkey to whoever has just signed in with a password, once. It is shown with the page, so that nothing moves; what
 * it does is fetched then.
 */

import type { User } from '../auth/index.ts'
import { withTexts } from '../i18n/t.ts'
import { prefetch } from '../layout/prefetch-auth.ts'
import type { WithSession } from '../layout/protected-page.ts'
import { requireElement } from '../lib/elements.ts'
import { lazyImport } from '../lib/lazy-import.ts'
import { createPasskeyRefusal, hasUsedPasskey, passkeyOfferDue } from '../lib/tab-state.ts'
import { canUsePasskeys } from '../lib/webauthn-support.ts'

const loadOffer = lazyImport(withTexts(() => import('./make-passkey.ts')))

/** Shows the section `#passkey-offer`, unless this user does not want it, or a passkey was used here. */
export function offerPasskey({ sub }: User, withSession: WithSession): void {
  if (!passkeyOfferDue.read()) return
  passkeyOfferDue.remove()
  if (!canUsePasskeys() || hasUsedPasskey.read() || createPasskeyRefusal(sub).read()) return
  requireElement('#passkey-offer', HTMLElement).hidden = false
  void prefetch(loadOffer, ({ bindPasskeyOffer }) => bindPasskeyOffer(sub, withSession))
}
