/** Ride page, for signed-in riders: sends for a unicorn where there is a ride API, and shows the tokens it asks for. */

import { config } from '../config.ts'
import { startPage } from '../frame.ts'
import { bindRideDesk } from '../ride/ride-desk.ts'
import { bindTokenLens } from '../ride/token-lens.ts'
import { openSignedInPage, type SignedInPage } from '../signed-in-page.ts'
import { requireElement } from '../ui/elements.ts'

const who = requireElement('#who', HTMLElement)

if ((await startPage()) && config.kind === 'configured') {
  const { invokeUrl } = config.api
  const forRider: SignedInPage['forRider'] = (run) => page.forRider(run)
  const tokens = bindTokenLens({ forRider, invokeUrl })
  const desk =
    invokeUrl === undefined ? undefined : bindRideDesk({ forRider, invokeUrl, tiles: config.map })
  requireElement('#api-missing', HTMLElement).hidden = desk !== undefined
  const page = openSignedInPage({
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
