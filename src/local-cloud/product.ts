/**
 * How this program is called and what it starts with by default: `npm run cognito`, and beside the site. The package
 * that is made of it has a file of its own in this place (`package/product.ts`).
 */

import { fileURLToPath } from 'node:url'

/** A CloudFormation template: the path of its file, or its text with a name for messages. */
export type TemplateSource = string | { readonly name: string; readonly text: string }

export interface Product {
  /** what starts it, before the options */
  readonly command: string
  readonly defaultTemplate: TemplateSource
  /** how the help names it, in Markdown */
  readonly defaultTemplateText: string
  /** git-ignored, below the folder that it is started in */
  readonly defaultDataFolder: string
  /** what some options do beside the site, after what they mean, in Markdown */
  readonly siteNotes: { readonly strict: string; readonly issuer: string; readonly quota: string }
  /** where the settings and operations are described */
  readonly readme: string
  /** how to use another data folder, after "or" */
  readonly otherFolderHint: string
  /** puts a data folder aside */
  toResetCommand(folder: string): string
}

export const product: Product = {
  command: 'npm run cognito --',
  defaultTemplate: fileURLToPath(new URL('../aws/user-pool.yaml', import.meta.url)),
  defaultTemplateText: '`src/aws/user-pool.yaml`',
  defaultDataFolder: '.local-cloud',
  siteNotes: {
    strict: ". The site's own template is always read so",
    issuer: '. Beside the site: `npm start -- --issuer`',
    quota: '. Beside the site: `npm start -- --quota aws`',
  },
  readme: 'src/local-cloud/README.md',
  otherFolderHint: 'set LOCAL_CLOUD_DATA to another folder',
  toResetCommand: (folder) => `LOCAL_CLOUD_DATA=${folder} npm run cognito:reset`,
}
