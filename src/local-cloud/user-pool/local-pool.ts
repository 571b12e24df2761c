/** The ids of the local pool. In AWS they are outputs of the stack. */
export const localPool = {
  region: 'us-east-1',
  userPoolId: 'us-east-1_WildRydes',
  userPoolClientId: 'wildrydeswebapplocal000000',
} as const
