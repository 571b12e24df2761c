/** Slips in the domains of e-mail addresses; a part of its own, fetched when a field is left. */

import speller from '@zootools/email-spell-checker'

/** The largest providers, whose names slips are judged by. */
const providers = [
  'gmail.com',
  'googlemail.com',
  'hotmail.com',
  'outlook.com',
  'yahoo.com',
  'icloud.com',
  'protonmail.com',
  'fastmail.com',
]

/** Names that look like a slip of theirs, and are right. */
const lookalikes = ['cloud', 'email', 'mail', 'mailo', 'qmail', 'ymail']

/** Endings that nobody means: the right names of these providers have many, of many countries. */
const slipsOfCom = /^(?:co|cm|om|con|vom|xom|cim|cmo|ocm|comm|coom|c|)$/

/** @returns a provider's domain that the address's own is a slip of */
export function findMeantDomain(email: string): string | undefined {
  const known = { domains: providers, topLevelDomains: [], secondLevelDomains: [] }
  const domain = speller.run({ email, ...known })?.domain
  return domain !== undefined && isSlip(email, domain) ? domain : undefined
}

function isSlip(email: string, meant: string): boolean {
  const [, name = '', ending = ''] = /@([^@.]*)\.?([^@]*)$/.exec(email.toLowerCase()) ?? []
  if (lookalikes.includes(name)) return false
  return name !== meant.split('.')[0] || slipsOfCom.test(ending)
}
