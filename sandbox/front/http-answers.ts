// What an HTTP service says under a fault in which it still speaks HTTP.
import type { SpokenFault } from './fault.ts';

/** `document`: a sound answer of another shape than the service's own. */
export function toHttpAnswers(document: {
  readonly type: string;
  readonly text: string;
}): Record<SpokenFault, Buffer> {
  return {
    error: toAnswer(
      '500 Internal Server Error',
      'text/html',
      '<html><body>java.lang.NullPointerException</body></html>',
    ),
    schema: toAnswer('200 OK', document.type, document.text),
    expired: toAnswer('401 Unauthorized', 'text/plain', 'token expired'),
  };
}

function toAnswer(status: string, type: string, text: string): Buffer {
  const head = [
    `HTTP/1.1 ${status}`,
    `content-type: ${type}`,
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${text}`);
}
