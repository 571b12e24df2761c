/** A message that the pool has sent, as programs get it. */
export interface InboxMessage {
  /** ascending in the order of sending */
  readonly id: number
  /** email address or phone number */
  readonly to: string
  /** empty in an SMS */
  readonly subject: string
  /** plain text, in an email made of the HTML that Cognito sends */
  readonly text: string
  /** the code in the text; in an invitation the temporary password */
  readonly code: string
  /** ISO 8601, by the pool's clock */
  readonly sentAt: string
  readonly medium: 'EMAIL' | 'SMS'
}
