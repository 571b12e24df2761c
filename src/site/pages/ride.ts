/** Ride page, for signed-in riders: sends for a unicorn where there is a ride API, and shows the tokens it asks for. */

import type { ConfiguredSite } from '../../shared/site-config.ts'
import { config } from '../config.ts'
import { startPage } from '../layout/page-shell.ts'
import { openSignedInPage, type SignedInPage } from '../layout/protected-page.ts'
import { requireElement } from '../lib/elements.ts'
import { bindRideDesk } from '../ride/pickup-form.ts'
import { bindTokenLens } from '../ride/token-inspector.ts'

// A browser may make the page ahead: what is done by then keeps nobody waiting.
const open = config.kind === 'configured' ? bindPage(config) : undefined
if (await startPage()) open?.()

/** Binds what needs nobody to be there. */
function bindPage({ api: { invokeUrl }, map }: ConfiguredSite): () => void {
  const who = requireElement('#user-name', HTMLElement)
  let page: SignedInPage
  const forRider: SignedInPage['forRider'] = (run) => page.forRider(run)
  const tokens = bindTokenLens({ forRider, invokeUrl })
  const desk =
    invokeUrl === undefined ? undefined : bindRideDesk({ forRider, invokeUrl, tiles: map })
  requireElement('#api-missing', HTMLElement).hidden = desk !== undefined
  return () => {
    page = openSignedInPage({
      show(session) {
        who.textContent = session.email ?? session.username
        tokens.show(session)
        desk?.show(session)
      },
      onOpen: () => desk?.open(),
      hide() {
        who.textContent = ''
        tokens.hide()
        desk?.hide()
      },
    })
    void page.refresh()
  }
}
