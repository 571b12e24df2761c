/** `/licenses.txt`: the licenses of the packages in the scripts, which the footer links to. */

import type { Plugin } from 'vite'

export const licensesFile = 'licenses.txt'

/** The build writes the file, by `build.license`. In dev there is no bundle whose packages could be listed: the file says so. */
export function licenses(): Plugin {
  return {
    name: 'wild-rydes-licenses',
    configureServer({ middlewares }) {
      middlewares.use(`/${licensesFile}`, (_, outgoing) => {
        outgoing
          .setHeader('Content-Type', 'text/plain; charset=utf-8')
          .end('npm run build writes the licenses of the packages in the scripts here.\n')
      })
    },
  }
}
