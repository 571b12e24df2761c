/** What the console looks like: the site's own beside the site, a neutral one everywhere else. */

/** The files of a look, as paths from this folder. */
export interface LookFiles {
  readonly 'icon.svg': string
  readonly 'tokens.css': string
  /** sets the theme that was chosen on this device, before the page is painted */
  readonly 'theme.js'?: string
}

export interface ConsoleLook {
  readonly name: string
  /** behind the name, in the header */
  readonly tag: string
  /** whom emails are from, before the address */
  readonly sender: string | undefined
  /** where people register, such as "in your app" */
  readonly place: string
  readonly files: LookFiles
}

export const neutralLook: ConsoleLook = {
  name: 'Local user pool',
  tag: 'console',
  sender: undefined,
  place: 'in your app',
  files: { 'icon.svg': 'neutral/icon.svg', 'tokens.css': 'neutral/tokens.css' },
}

/** What every look has, as paths from this folder. */
export const commonFiles = {
  'console.css': 'console.css',
  'console.js': 'browser/console-script.ts',
} as const
