/** A slip in an e-mail address. */

export const emailSuggestionWords = {
  didYouMean: (domain: string) => `Did you mean ${domain}?`,
} as const
