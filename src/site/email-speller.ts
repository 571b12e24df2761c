/** Judges the domains of e-mail addresses; a part of its own, fetched when a field is left. */

import speller from '@zootools/email-spell-checker'

export { speller }
