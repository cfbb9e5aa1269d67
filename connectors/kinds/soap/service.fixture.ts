// Sources of kind soap on the test service of kit/web, and envelopes as services send them.
import type { SourceSettings } from '../../kit/contract.ts';
import { wallClock } from '../../kit/resilience/clock.ts';
import {
  CODECS,
  LOCAL_TARGETS,
  type Reply,
  toWebHarness,
  toWebSettings,
} from '../../kit/web/service.fixture.ts';
import { toSoapKind } from './soap-kind.ts';

export const NAMESPACE = 'http://webservice.dzzh.yz.gov.cn/';

/** Settings of a source whose object `list` asks `getYhdList`. */
export function toSettings(
  url: string,
  object: SourceSettings['options'] = {},
  options: SourceSettings['options'] = {},
  more: Partial<SourceSettings> = {},
): SourceSettings {
  const request = { operation: 'getYhdList', namespace: NAMESPACE };
  return toWebSettings(url, options, { request, ...object }, more);
}

export function openSource(settings: SourceSettings) {
  return toSoapKind({
    codecs: CODECS,
    clock: wallClock,
    counties: ['431102', '431103'],
    targets: LOCAL_TARGETS,
  }).open(settings);
}

export function toHarness() {
  return toWebHarness((...settings: Parameters<typeof toSettings>) => openSource(toSettings(...settings)));
}

export function toBody(inner: string, status = 200): Reply {
  const text = `<?xml version="1.0" encoding="UTF-8"?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Header/><S:Body>${inner}</S:Body></S:Envelope>`;
  return { status, headers: { 'content-type': 'text/xml; charset=utf-8' }, body: text };
}

/** What JAX-WS answers: the return element in the operation's namespace, its content as it is given. */
export function toReturn(content: string, operation = 'getYhdList'): Reply {
  return toBody(
    `<n:${operation}Response xmlns:n="${NAMESPACE}"><${operation}Return>${content}</${operation}Return></n:${operation}Response>`,
  );
}

export function toFault11(code: string, words = 'no words', detail = ''): Reply {
  return toBody(
    `<S:Fault><faultcode>${code}</faultcode><faultstring>${words}</faultstring><detail>${detail}</detail></S:Fault>`,
    500,
  );
}

export function toXmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
