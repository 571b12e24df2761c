/** Typing errors in the domains of email addresses; fetched when a field is left. */

import speller from '@zootools/email-spell-checker'

/** The largest providers. */
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

/** Names that look like a typing error of a provider's, and are right. */
const lookalikes = ['cloud', 'email', 'mail', 'mailo', 'qmail', 'ymail']

/** Endings that are always a typing error; these providers have many right ones, of many countries. */
const mistypedCom = /^(?:co|cm|om|con|vom|xom|cim|cmo|ocm|comm|coom|c|)$/

/** Letters of other scripts that look like Latin ones. */
const lookalikeLetters: ReadonlyMap<string, string> = new Map(
  Object.entries({
    а: 'a',
    е: 'e',
    і: 'i',
    о: 'o',
    р: 'p',
    с: 'c',
    у: 'y',
    х: 'x',
    ԁ: 'd',
    ο: 'o',
    ѕ: 's',
    һ: 'h',
    ӏ: 'l',
    м: 'm',
    т: 't',
  }),
)

/** @returns the provider's domain that the address probably means, if its own is mistyped */
export function suggestDomain(email: string): string | undefined {
  const [, local = '', domain = ''] = /^(.*)@([^@]*)$/.exec(email.toLowerCase()) ?? []
  const latin = [...domain].map((letter) => lookalikeLetters.get(letter) ?? letter).join('')
  const plain = latin.replace(/[.,;]+$/, '')
  if (plain !== domain && providers.includes(plain)) return plain
  return suggestProvider(`${local}@${plain}`)
}

function suggestProvider(email: string): string | undefined {
  const known = { domains: providers, topLevelDomains: [], secondLevelDomains: [] }
  const domain = speller.run({ email, ...known })?.domain
  return domain !== undefined && isTypo(email, domain) ? domain : undefined
}

function isTypo(email: string, suggested: string): boolean {
  const [, name = '', ending = ''] = /@([^@.]*)\.?([^@]*)$/.exec(email.toLowerCase()) ?? []
  if (lookalikes.includes(name)) return false
  return name !== suggested.split('.')[0] || mistypedCom.test(ending)
}
