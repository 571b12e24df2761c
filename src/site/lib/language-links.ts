/** The links of the language menu in the footer: this page in each language. */

export function findLanguageLinks(): NodeListOf<HTMLAnchorElement> {
  return document.querySelectorAll('#languages a')
}
