/** Ride page, for signed-in users: requests a unicorn where there is a ride API, and shows the tokens it takes. */

import type { ConfiguredSite } from '../../shared/site-config.ts'
import { config } from '../config.ts'
import { initPage } from '../layout/page-shell.ts'
import {
  openProtectedPage,
  type ProtectedPage,
  type WithSession,
} from '../layout/protected-page.ts'
import { requireElement } from '../lib/elements.ts'
import { showName } from '../lib/show-name.ts'
import { offerPasskey } from '../ride/passkey-offer.ts'
import { bindPickupForm } from '../ride/pickup-form.ts'
import { bindTokenInspector } from '../ride/token-inspector.ts'

let open: (() => void) | undefined
const isReady = await initPage(() => {
  if (config.kind === 'configured') open = bindPage(config)
})
if (isReady) open?.()

/** Binds what needs no session. */
function bindPage({ api: { invokeUrl }, cognito, map }: ConfiguredSite): () => void {
  const userName = requireElement('#user-name', HTMLElement)
  let page: ProtectedPage
  const withSession: WithSession = (run) => page.withSession(run)
  const tokens = bindTokenInspector({ withSession, invokeUrl })
  const pickup =
    invokeUrl === undefined ? undefined : bindPickupForm({ withSession, invokeUrl, tiles: map })
  requireElement('#api-missing', HTMLElement).hidden = pickup !== undefined
  // The tokens are what one works with as long as there is no API.
  requireElement('#developers', HTMLDetailsElement).open = pickup === undefined
  return () => {
    page = openProtectedPage({
      show(session) {
        showName(userName, session.email ?? session.username)
        tokens.show(session)
        pickup?.show(session)
        if (cognito.signIn.includes('passkey')) offerPasskey(session, withSession)
      },
      onShown: () => pickup?.open(),
      hide() {
        userName.textContent = ''
        tokens.hide()
        pickup?.hide()
      },
    })
    void page.refresh()
  }
}
