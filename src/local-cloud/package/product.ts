/** The package in place of `npm run cognito`: the build puts this where `../product.ts` is. */

import type { Product } from '../product.ts'
import { cognitoDefaults } from './cognito-defaults.ts'

export const product: Product = {
  command: 'npx local-user-pool',
  defaultTemplate: cognitoDefaults,
  defaultTemplateText: 'the defaults of Cognito',
  defaultDataFolder: '.local-user-pool',
  siteNotes: { strict: '', issuer: '', quota: '' },
  readme: 'the README of local-user-pool',
  otherFolderHint: 'choose another folder with --data',
  toResetCommand: (folder) => `mv ${folder} ${folder}.old`,
}
