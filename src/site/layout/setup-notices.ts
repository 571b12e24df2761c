/** Notices about what keeps a page from working at all, for riders and for the operator. */

import { expectations } from '../../shared/expectations.ts'
import type { Config } from '../../shared/site-config.ts'
import { t } from '../i18n/t.ts'
import { createElement, requireElement } from '../lib/elements.ts'

export type SetupProblem = 'insecure' | 'outdated' | Exclude<Config, { kind: 'configured' }>

interface Notice {
  readonly heading: string
  readonly paragraphs: readonly string[]
  readonly items?: readonly string[]
}

/** Shows the notice at the top of the page. */
export function showSetupNotice(problem: SetupProblem): void {
  const { heading, paragraphs, items = [] } = toNotice(problem)
  const title = createElement('h2', heading)
  title.id = 'notice-title'
  const notice = createElement('section', '', 'notice')
  notice.setAttribute('aria-labelledby', title.id)
  notice.append(title, ...paragraphs.map((text) => createElement('p', text)))
  if (items.length > 0) {
    const list = createElement('ul')
    list.append(...items.map((text) => createElement('li', text)))
    notice.append(list)
  }
  requireElement('main', HTMLElement).prepend(notice)
}

function toNotice(problem: SetupProblem): Notice {
  if (problem === 'insecure') {
    return {
      heading: t("This connection isn't secure"),
      paragraphs: [
        t(
          "Others could read or change this page, so you can't register or sign in here. Open it with https:// at the start of the address.",
        ),
      ],
    }
  }
  if (problem === 'outdated') {
    return {
      heading: t('This browser is too old'),
      paragraphs: [t("It can't keep your password safe here. Open this page in a newer browser.")],
    }
  }
  if (problem.kind === 'not-configured') {
    return {
      heading: t('No Cognito user pool configured'),
      paragraphs: [
        t('This site has no user pool yet, so nobody can register or sign in.'),
        t(
          'Set userPoolId, userPoolClientId and region in /js/config.js (public/js/config.js in the repository).',
        ),
      ],
    }
  }
  return {
    heading: t('The settings in /js/config.js need attention'),
    paragraphs: [t('Nobody can register or sign in until these settings are right:')],
    items: problem.problems.map(({ setting, expected }) =>
      t('{setting}: expected {expected}', { setting, expected: t(expectations[expected]) }),
    ),
  }
}
