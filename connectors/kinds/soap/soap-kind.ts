// The kind `soap`: services that answer an operation in an envelope, as WSDL describes them.
import type { ConnectorKind } from '../../kit/contract.ts';
import type { Contract, Line, Question, WebKind, WebRequest, WebSource } from '../../kit/web/contract.ts';
import { toFault } from '../../kit/web/faults.ts';
import { toWebConnector, type WebParts } from '../../kit/web/open-web-source.ts';
import { toAddress, toHeaders } from '../../kit/web/plan-request.ts';
import { toFilledMap } from '../../kit/web/slots.ts';
import { judgeEnvelope } from './judge-envelope.ts';
import { type SoapRequest, soapRequest } from './words.ts';
import { isXmlText, toEnvelope } from './write-envelope.ts';
import { toContract } from './wsdl/describe-wsdl.ts';
import { readWsdl } from './wsdl/read-wsdl.ts';

const soap: WebKind<SoapRequest> = {
  kind: 'soap',
  codec: 'xml',
  request: soapRequest,
  open: (source) => ({
    describe: async (line) => describe(source, line),
    toRequest: (question) => planCall(question, source),
    judge: (told, { object }) => judgeEnvelope(told, object, source),
  }),
};

export function toSoapKind(parts: WebParts): ConnectorKind {
  return toWebConnector(soap, parts);
}

function planCall({ object, fill }: Question<SoapRequest>, { base, auth }: WebSource): WebRequest {
  const { request, place } = object;
  const text = toEnvelope(request, toFilledMap(request.args, fill));
  if (!isXmlText(text))
    throw toFault('HUB_SOURCE_REQUEST', place, 'an argument has characters that XML cannot carry');
  const action = JSON.stringify(toAction(request));
  const headers = toHeaders(auth);
  return {
    method: 'POST',
    url: toAddress(base, null, {}, auth),
    headers: request.version === '1.1' ? { ...headers, soapaction: action } : headers,
    body: {
      type:
        request.version === '1.1'
          ? 'text/xml; charset=utf-8'
          : `application/soap+xml; charset=utf-8; action=${action}`,
      text,
    },
  };
}

function toAction({ action, namespace, operation }: SoapRequest): string {
  if (action !== null) return action;
  if (namespace === null) return '';
  return /[/#:]$/.test(namespace) ? namespace + operation : `${namespace}/${operation}`;
}

async function describe(source: WebSource<SoapRequest>, line: Line): Promise<Contract> {
  const wsdl = await readWsdl(source, source.reader, line);
  return wsdl === null ? { objects: new Map(), others: [] } : toContract(wsdl, source);
}
