/** The console's page of app clients: those of the template, and those made at run time. */

import type { AppClient } from '../user-pool/app-clients.ts'
import type { TemplateReport } from '../user-pool/template-report.ts'
import type { Page } from './console-pages.ts'
import { toName, toSectionLinks, toTime } from './console-parts.ts'
import { type Html, html } from './html.ts'

export const clientsPath = '/console/clients'

export function toClientsPage(
  clients: readonly AppClient[],
  { report, userPoolId, nowMs }: { report: TemplateReport; userPoolId: string; nowMs: number },
): Page {
  return {
    title: 'App clients',
    section: 'template',
    nowMs,
    main: html`
<h1>App clients</h1>
<p class="lead">The clients of the user pool <code>${userPoolId}</code>, as they are now. CreateUserPoolClient makes more.</p>
${toSectionLinks('template', clientsPath)}
${
  clients.length === 0
    ? html`<p class="empty">No app clients: all of them are deleted.</p>`
    : clients.map((client) => toClientCard(client, report))
}`,
  }
}

function toClientCard(
  { settings, clientSecret, madeAt }: AppClient,
  { clients }: TemplateReport,
): Html {
  const { userPoolClientId, clientName, readAttributes, writeAttributes } = settings
  const named = clients.find(({ clientId }) => clientId === userPoolClientId)
  const toList = (names: Iterable<string>) => [...names].join(', ')
  const facts: readonly (readonly [string, string | Html])[] = [
    ['Client ID', html`<code>${userPoolClientId}</code>`],
    [
      'Client secret',
      clientSecret === undefined
        ? 'None'
        : html`<details><summary>Show secret</summary><code>${clientSecret}</code></details>`,
    ],
    ['From', toOrigin(named?.id, madeAt)],
    ['Flows', toList(settings.explicitAuthFlows)],
    ['Access token', toDuration(settings.accessTokenSeconds)],
    ['ID token', toDuration(settings.idTokenSeconds)],
    ['Refresh token', toRefreshToken(settings)],
    ['Attributes it reads', readAttributes ? toList(readAttributes) : 'All'],
    ['Attributes it writes', writeAttributes ? toList(writeAttributes) : 'All'],
  ]
  return html`
<section class="card"><h2>${toName(clientName)}</h2>
<dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></section>`
}

function toOrigin(logicalName: string | undefined, madeAt: AppClient['madeAt']): Html | string {
  const ofTemplate =
    logicalName === undefined ? '' : html`<code>${logicalName}</code> in the template`
  if (!madeAt) return ofTemplate === '' ? 'The defaults of Cognito' : ofTemplate
  const time = toTime(madeAt.modifiedAtMs)
  return ofTemplate === ''
    ? html`Made at run time, last changed ${time}`
    : html`${ofTemplate}, changed at run time, ${time}`
}

function toRefreshToken({
  refreshTokenSeconds,
  rotationGraceSeconds,
}: AppClient['settings']): string {
  const duration = toDuration(refreshTokenSeconds)
  return rotationGraceSeconds === undefined
    ? duration
    : `${duration}, replaced at each refresh, ${rotationGraceSeconds} s of grace`
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const

/** @returns in the largest unit that makes a whole number */
function toDuration(seconds: number): string {
  const [unit, size] = units.find(([, one]) => seconds % one === 0) ?? ['second', 1]
  const count = seconds / size
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
