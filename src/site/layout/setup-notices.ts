/** Notices of what keeps a page from its work, for riders and for the operator. */

import { expectations, noticeWords } from '#words/notices.ts'
import type { Config } from '../../shared/site-config.ts'
import { type Notice, showNotice } from './notice.ts'

export type Hindrance = 'insecure' | 'outdated' | Exclude<Config, { kind: 'configured' }>

export function showHindrance(hindrance: Hindrance): void {
  showNotice(toNotice(hindrance))
}

function toNotice(hindrance: Hindrance): Notice {
  if (hindrance === 'insecure') {
    return { heading: noticeWords.insecureHeading, paragraphs: noticeWords.insecure }
  }
  if (hindrance === 'outdated') {
    return { heading: noticeWords.outdatedHeading, paragraphs: noticeWords.outdated }
  }
  if (hindrance.kind === 'not-configured') {
    return { heading: noticeWords.notConfiguredHeading, paragraphs: noticeWords.notConfigured }
  }
  return {
    heading: noticeWords.misconfiguredHeading,
    paragraphs: noticeWords.misconfigured,
    items: hindrance.problems.map(({ setting, expected }) =>
      noticeWords.configProblem(setting, expectations[expected]),
    ),
  }
}
