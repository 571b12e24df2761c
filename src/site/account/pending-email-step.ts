/** The form for the code that was sent to a new address. Fetched when one waits, which few do. */

import { type Session, verifyEmail } from '../auth/index.ts'
import { bindForm } from '../forms/bind-form.ts'
import { readCode, submitWhenComplete } from '../forms/code-field.ts'
import { linkedCode } from '../forms/email-link.ts'
import { codeErrors } from '../forms/form-errors.ts'
import { bindResend, newCodeText } from '../forms/resend-code.ts'
import { done } from '../forms/submit-result.ts'
import type { ProtectedPage } from '../layout/protected-page.ts'
import { requireElement } from '../lib/elements.ts'
import { newEmailCode } from './pending-email.ts'

/** Binds the step that `change-email-card.ts` has shown. */
export function bindPendingEmail(
  page: ProtectedPage,
  pending: {
    readonly session: Session
    readonly sendCode: () => Promise<void>
    readonly onVerified: () => Promise<void>
    readonly onForgotten: () => Promise<void>
  },
): void {
  const { session, sendCode } = pending
  const code = requireElement('#email-code', HTMLInputElement)
  const filled = linkedCode.read() ?? ''
  code.value ||= filled
  bindForm({
    form: '#verify-email',
    fields: { 'email-code': readCode },
    errors: { ...codeErrors('email-code'), 'username-exists': { field: 'email-code' } },
    submit: ({ 'email-code': code }) =>
      page.withSession(async () => {
        await verifyEmail(session, { code })
        return done(pending.onVerified)
      }),
  })
  const form = requireElement('#verify-email', HTMLFormElement)
  submitWhenComplete({ form, code }, () => code.value !== filled)
  bindResend({
    fields: {},
    code: () => newEmailCode(session.sub),
    resend: () =>
      page.withSession(async () => {
        await sendCode()
        return done()
      }),
    describe: () => newCodeText,
  })
  requireElement('#forget-pending', HTMLButtonElement).addEventListener(
    'click',
    () => void pending.onForgotten(),
  )
}
