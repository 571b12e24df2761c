/** The site's look, which the console has beside the site. */

import type { ConsoleLook } from './look.ts'

export const siteLook: ConsoleLook = {
  name: 'Wild Rydes',
  tag: 'local cloud',
  sender: 'Wild Rydes',
  place: 'on the site',
  files: {
    'icon.svg': '../../../public/images/unicorn.svg',
    'tokens.css': '../../shared/tokens.css',
    'theme.js': '../../site/inline/theme-init.ts',
  },
}
