// From an operation and its arguments to the text of an envelope (SOAP 1.1 §4, SOAP 1.2 part 1 §5). Pure.
import type { Filled } from '../../kit/web/slots.ts';
import type { SoapRequest } from './words.ts';

const ENVELOPE = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
} as const;
const INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';

/** `args` in the manifest's order; a list is its element repeated, null is `xsi:nil`. */
export function toEnvelope(
  { operation, namespace, version, qualified }: SoapRequest,
  args: { readonly [name: string]: Filled },
): string {
  const declared = namespace === null ? '' : toEscaped(namespace);
  const [open, close] =
    namespace === null
      ? [operation, operation]
      : qualified
        ? [`${operation} xmlns="${declared}"`, operation]
        : [`q:${operation} xmlns:q="${declared}"`, `q:${operation}`];
  const inner = Object.entries(args)
    .map(([name, value]) => toElement(name, value))
    .join('');
  return (
    `<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="${ENVELOPE[version]}" xmlns:xsi="${INSTANCE}">` +
    `<soap:Body><${open}>${inner}</${close}></soap:Body></soap:Envelope>`
  );
}

/** Whether XML 1.0 can carry this text at all (§2.2). */
export function isXmlText(text: string): boolean {
  return !NO_CHARACTER.test(text);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot carry
const NO_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;

function toElement(name: string, value: Filled): string {
  if (Array.isArray(value)) return value.map((one: Filled) => toElement(name, one)).join('');
  if (value === null) return `<${name} xsi:nil="true"/>`;
  return `<${name}>${toInner(value)}</${name}>`;
}

function toInner(value: Filled): string {
  if (typeof value !== 'object' || value === null) return toEscaped(String(value));
  return Object.entries(value)
    .map(([name, inner]) => toElement(name, inner))
    .join('');
}

/** A line's end is written as a reference: as itself XML would change it. */
function toEscaped(text: string): string {
  return text.replace(/[&<>"\r]/g, (one) => `&#${one.charCodeAt(0)};`);
}
