// SOAP 1.1 over HTTP (W3C Note of 2000-05-08), document/literal wrapped as WS-I's Basic Profile has it: what a call asks for,
// and the envelopes that answer it.
import { XMLParser, XMLValidator } from 'fast-xml-parser';

export const NAMESPACE = 'http://webservice.dzzh.yz.gov.cn/';
const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';

export type Asked = { readonly operation: string; readonly args: Readonly<Record<string, string>> };

/** Answered with HTTP 500. `who` is at fault: the caller or the service. */
export class SoapFault extends Error {
  readonly who: 'Client' | 'Server' | 'VersionMismatch';
  constructor(who: SoapFault['who'], message: string) {
    super(message);
    this.who = who;
  }
}

const parser = new XMLParser({
  removeNSPrefix: true,
  parseTagValue: false,
  htmlEntities: true,
  ignoreDeclaration: true,
});

/** The operation in the body with its arguments; throws a SoapFault for what is no such envelope. */
export function parseEnvelope(text: string): Asked {
  if (/<!DOCTYPE/i.test(text) || XMLValidator.validate(text) !== true)
    throw new SoapFault('Client', '报文不是合法的XML');
  if (!text.includes(ENVELOPE)) throw new SoapFault('VersionMismatch', '仅支持SOAP 1.1');
  const parsed: unknown = parser.parse(text);
  const body = toRecord(toRecord(toRecord(parsed).Envelope).Body);
  const [found, ...more] = Object.entries(body);
  if (found === undefined || more.length > 0 || !text.includes(NAMESPACE))
    throw new SoapFault('Client', '报文体必须是本服务的一个操作');
  const [operation, inner] = found;
  const args = Object.entries(toRecord(inner)).map(([name, value]) => [name, String(value)] as const);
  return { operation, args: Object.fromEntries(args) };
}

/** The result is a document of its own, as text in the return element. */
export function toAnswerEnvelope(operation: string, document: string): string {
  return toEnvelope(
    `<ns:${operation}Response xmlns:ns="${NAMESPACE}"><${operation}Return>${toText(document)}</${operation}Return></ns:${operation}Response>`,
  );
}

export function toFaultEnvelope({ who, message }: SoapFault): string {
  return toEnvelope(
    `<soapenv:Fault><faultcode>soapenv:${who}</faultcode><faultstring>${toText(message)}</faultstring></soapenv:Fault>`,
  );
}

export function toElement(name: string, inner: string): string {
  return `<${name}>${inner}</${name}>`;
}

/** Text as it stands in an element. */
export function toText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function toEnvelope(body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="${ENVELOPE}"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;
}

function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
