// A station that sends lines and keeps each until it is answered: after a cut it connects again and sends what was not.
import { connect, type Socket } from 'node:net';
import type { SourceRecord } from '../../connectors/kit/contract.ts';

export type LineSender = {
  /** Puts a line into the station's memory and sends it. */
  send(object: string, record: SourceRecord): void;
  /** The same for what is no JSON; it must hold `"n":<number>` all the same. */
  sendRaw(toLine: (n: number) => string): void;
  /** Numbers that were answered, in order; one that was sent twice may be answered twice. */
  readonly answered: number[];
  readonly isQuiet: () => boolean;
  /** Ends the connection under way, in the middle of whatever is on it. */
  cut(): void;
  close(): void;
};

const AGAIN_MS = 20;

/** `port` is asked at each try: null while nobody listens. `chunk`: characters that go out at once, to cut lines apart. */
export function openLineSender(port: () => number | null, chunk = Number.POSITIVE_INFINITY): LineSender {
  const kept = new Map<number, string>();
  const answered: number[] = [];
  let socket: Socket | null = null;
  let timer: NodeJS.Timeout | null = null;
  let [count, isClosed, rest] = [0, false, ''];

  const write = (text: string) => {
    for (let at = 0; at < text.length; at += chunk) socket?.write(text.slice(at, at + chunk));
  };
  const again = () => {
    socket = null;
    rest = '';
    if (!isClosed) timer = setTimeout(open, AGAIN_MS);
  };
  const open = () => {
    const at = port();
    if (at === null) return again();
    const fresh = connect({ port: at, host: '127.0.0.1', noDelay: true });
    socket = fresh;
    fresh.setEncoding('utf8');
    fresh.on('error', () => undefined);
    fresh.on('close', again);
    fresh.on('connect', () => {
      for (const line of kept.values()) write(line);
    });
    fresh.on('data', (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        answered.push(Number(line));
        kept.delete(Number(line));
      }
    });
  };
  const keep = (toLine: (n: number) => string) => {
    count += 1;
    const line = `${toLine(count)}\n`;
    kept.set(count, line);
    if (socket?.readyState === 'open') write(line);
  };
  open();
  return {
    send: (object, record) => keep((n) => JSON.stringify({ n, object, record })),
    sendRaw: keep,
    answered,
    isQuiet: () => kept.size === 0,
    cut: () => socket?.destroy(),
    close: () => {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
      socket?.destroy();
    },
  };
}
