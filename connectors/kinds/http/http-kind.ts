// The kind `http`: REST services and whatever else answers one request with one document or table.

import type { Codecs } from '../../kit/codec.ts';
import type { ConnectorKind } from '../../kit/contract.ts';
import { toUnwrapped } from '../../kit/web/answer.ts';
import { askContract } from '../../kit/web/ask-contract.ts';
import type { Contract, Line, WebKind, WebSource } from '../../kit/web/contract.ts';
import { toFault, toStatusFault } from '../../kit/web/faults.ts';
import { toWebConnector, type WebParts } from '../../kit/web/open-web-source.ts';
import { planRequest } from '../../kit/web/plan-request.ts';
import { type RestRequest, restRequest } from '../../kit/web/words.ts';
import { toContract } from './openapi/describe-openapi.ts';

const http: WebKind<RestRequest> = {
  kind: 'http',
  codec: 'json',
  request: restRequest,
  open: (source, codecs) => ({
    toRequest: ({ object, fill }) => planRequest(source.base, object.request, fill, source.auth),
    describe: (line) => describe(source, codecs, line),
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

const NOTHING: Contract = { objects: new Map(), others: [] };

async function describe(source: WebSource<RestRequest>, codecs: Codecs, line: Line): Promise<Contract> {
  const codec = codecs.documents.get('json');
  if (source.contract === null) return NOTHING;
  if (codec === undefined)
    throw toFault(
      'HUB_SOURCE_UNSUPPORTED',
      source.place,
      'this hub has no codec json, which OpenAPI is written in',
    );
  const asked = {
    reference: source.contract,
    reader: { as: 'document', codec },
    what: 'OpenAPI document',
  } as const;
  const heard = await askContract(source, line, asked);
  return heard === null ? NOTHING : toContract(heard, source);
}
