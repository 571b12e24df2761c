/**
 * ListUserPoolClients: the pool's app clients, in pages: those of the template, then those made at run time.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPoolClients.html
 */

import type { AppClient } from '../app-clients.ts'
import { readPage, toPage } from '../pagination.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const listUserPoolClients = defineAdminOperation({
  parse: (body) =>
    member.parseMembers(
      {
        MaxResults: member.optional(member.integer({ min: 1, max: 60 })),
        NextToken: member.optional(member.paginationToken),
      },
      body,
    ),
  run({ MaxResults, NextToken }, context) {
    const { current } = context
    const operation = 'ListUserPoolClients'
    const page = readPage({ operation, limit: MaxResults, token: NextToken }, context)
    const { after = '' } = page
    const ofTemplate = current.templateClients.map((one) => one.userPoolClientId)
    /** A key of its own, so that a page begins at the right place when the client before is deleted. */
    const toKey = ({ settings, madeAt }: AppClient) => {
      const place = ofTemplate.indexOf(settings.userPoolClientId)
      const rank = place === -1 ? [1, madeAt?.createdAtMs ?? 0] : [0, place]
      return [...rank.map((one) => String(one).padStart(16, '0')), settings.userPoolClientId].join()
    }
    const found = current
      .clients()
      .filter((client) => toKey(client) > after)
      .slice(0, page.limit)
    const { items, token } = toPage(page, found, toKey, context)
    return {
      UserPoolClients: items.map(({ settings: { userPoolClientId, userPoolId, clientName } }) => ({
        ClientId: userPoolClientId,
        UserPoolId: userPoolId,
        ClientName: clientName,
      })),
      ...(token !== undefined && { NextToken: token }),
    }
  },
})
