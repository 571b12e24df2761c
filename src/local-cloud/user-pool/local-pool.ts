/** The ids of the local pool. In AWS they are outputs of the stack. */
export const localPool = {
  region: 'us-east-1',
  userPoolId: 'us-east-1_WildRydes',
  userPoolClientId: 'wildrydeswebapplocal000000',
} as const

/**
 * What a stack on this machine would be given: passkeys for its pages, and a sender that has no daily limit, on which
 * emailed codes rest. Names that a template does not have are ignored.
 */
export const localParameters: Readonly<Record<string, string>> = {
  PasskeyDomain: 'localhost',
  SenderArn: 'arn:aws:ses:us-east-1:000000000000:identity/localhost',
  Sender: 'Wild Rydes <hello@localhost>',
}

/** What it would be given where a function writes its emails. */
export const localCustomMessageArn = 'arn:aws:lambda:us-east-1:000000000000:function:custom-message'
