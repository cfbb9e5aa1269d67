// The kind `http`: REST services and whatever else answers one request with one document or table.
import type { Capabilities, ConnectorKind } from '../../kit/contract.ts';
import { toUnwrapped } from '../../kit/web/answer.ts';
import type { WebKind } from '../../kit/web/contract.ts';
import { toStatusFault } from '../../kit/web/faults.ts';
import { toWebConnector, type WebParts } from '../../kit/web/open-web-source.ts';
import { planRequest } from '../../kit/web/plan-request.ts';
import { type RestRequest, restRequest } from '../../kit/web/words.ts';

const CAPABILITIES: Capabilities = {
  // An answer declares no shape: what one of them lacks says nothing about the others.
  describe: false,
  readMany: false,
  select: true,
  scan: true,
  listen: false,
  spans: true,
  deliveries: false,
  digests: false,
  filter: [],
};

const http: WebKind<RestRequest> = {
  kind: 'http',
  capabilities: CAPABILITIES,
  codec: 'json',
  request: restRequest,
  open: (source) => ({
    toRequest: ({ object, fill }) => planRequest(source.base, object.request, fill, source.auth),
    judge: (told, { object }) => {
      const fault = toStatusFault(told.status, object.place);
      if (fault !== null) throw fault;
      const { text, tree } = told.read();
      return { text, tree: toUnwrapped(tree, object, source) };
    },
  }),
};

export function toHttpKind(parts: WebParts): ConnectorKind {
  return toWebConnector(http, parts);
}
