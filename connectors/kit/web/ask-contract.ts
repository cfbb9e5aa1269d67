// Fetches what a service says of itself (WSDL, OpenAPI), from its own host and nowhere else. Whatever is wrong with it is
// HUB_SOURCE_CONTRACT with the reason; what may pass by itself stays what it is.
import { isHubError } from '../../../schema/errors.ts';
import type { Heard, Line, Reader, Told, WebSource } from './contract.ts';
import { toFault, toStatusFault, type WebPlace } from './faults.ts';
import { toHeaders } from './plan-request.ts';

/** `reference`: against the source's address (`?wsdl`, `/v3/api-docs`). `what`: for people. */
type Asked = {
  readonly reference: string;
  readonly reader: Reader;
  readonly what: string;
  /** Nobody said that it is there: null where it is not. */
  readonly isGuess?: boolean;
};

export async function askContract(
  { base, auth, place }: Pick<WebSource, 'base' | 'auth' | 'place'>,
  line: Line,
  { reference, reader, what, isGuess = false }: Asked,
): Promise<Heard | null> {
  const url = URL.canParse(reference, base.href) ? new URL(reference, base) : null;
  if (url?.origin !== base.origin)
    throw toFault(
      'HUB_SOURCE_CONTRACT',
      place,
      `a part of its ${what} stands on another host: it is not fetched`,
    );
  for (const [name, secret] of Object.entries(auth.query)) url.searchParams.append(name, secret.reveal());
  const told = await line.ask({ method: 'GET', url, headers: toHeaders(auth), body: null }, reader);
  if (isGuess && ABSENT.has(told.status)) return null;
  return readContract(told, what, place);
}

const ABSENT = new Set([400, 404, 405, 410, 501]);

function readContract(told: Told, what: string, place: WebPlace): Heard {
  const status = toStatusFault(told.status, place);
  if (status !== null && (told.status >= 500 || [401, 403, 429].includes(told.status))) throw status;
  if (status !== null)
    throw toFault(
      'HUB_SOURCE_CONTRACT',
      place,
      `it answers with HTTP ${told.status} where its ${what} should be`,
    );
  try {
    return told.read();
  } catch (error) {
    if (!isHubError(error)) throw error;
    throw toFault('HUB_SOURCE_CONTRACT', place, `its ${what} is refused: ${toBare(error.message, place)}`);
  }
}

/** A message without the place before it, which comes again. */
function toBare(message: string, { unit, source }: WebPlace): string {
  const head = `${unit}.${source}: `;
  return message.startsWith(head) ? message.slice(head.length) : message;
}
