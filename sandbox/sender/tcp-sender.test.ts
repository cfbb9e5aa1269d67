// A device keeps what was not answered: over lines that break, servers that are not there yet and answers that never come.
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { findAnyPort } from '../../postgres/ports.ts';
import { eventually } from '../../test/support/eventually.ts';
import { type Answer, openTcpSender, type TcpSender, type TcpSenderOptions } from './tcp-sender.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

/** Lines of text: `key words` out, `key answer` back. */
function toReader(): (bytes: Uint8Array) => readonly Answer[] {
  let rest = '';
  return (bytes) => {
    const lines = (rest + Buffer.from(bytes).toString()).split('\n');
    rest = lines.pop() ?? '';
    return lines.map((line) => ({ key: line.split(' ')[0] ?? '', bytes: Buffer.from(line) }));
  };
}
const frame = (key: string) => ({ key, bytes: Buffer.from(`${key} hello\n`) });

function openSender(options: Pick<TcpSenderOptions, 'port'> & Partial<TcpSenderOptions>): TcpSender {
  const sender = openTcpSender({ openReader: toReader, retryMs: 5, ...options });
  open.push(sender.close);
  return sender;
}

/** A hub that answers what `answers` says; `heard`: the keys that came, in order. */
async function openHub(port: number, answers: (key: string) => boolean) {
  const [heard, sockets]: [string[], Set<Socket>] = [[], new Set()];
  const server: Server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    const read = toReader();
    socket.on('data', (bytes) => {
      for (const { key } of read(bytes)) {
        heard.push(key);
        if (answers(key)) socket.write(`${key} yes\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  open.push(async () => close().catch(() => undefined));
  return { heard, close, breakLines: () => [...sockets].map((socket) => socket.destroy()) };
}

describe('a device', () => {
  test('waits for a hub that is not there yet, and then sends in order what was due', async () => {
    const port = await findAnyPort();
    const sender = openSender({ port });
    const sent = [sender.send(frame('1')), sender.send(frame('2'))];
    const hub = await openHub(port, () => true);
    expect((await Promise.all(sent)).map(({ key }) => key)).toEqual(['1', '2']);
    expect(hub.heard).toEqual(['1', '2']);
    expect(sender.waiting()).toBe(0);
  });

  test('sends again on the next line what the one before left unanswered, and nothing else', async () => {
    const port = await findAnyPort();
    let isDeaf = true;
    const hub = await openHub(port, (key) => key === '1' || !isDeaf);
    const sender = openSender({ port });
    await sender.send(frame('1'));
    const second = sender.send(frame('2'));
    await eventually(() => hub.heard.length === 2, { what: 'the second' });
    isDeaf = false;
    hub.breakLines();
    await second;
    expect(hub.heard).toEqual(['1', '2', '2']);
    expect(sender.connections()).toBe(2);
  });

  test('gives a line up on which no answer comes', async () => {
    const port = await findAnyPort();
    let isDeaf = true;
    const hub = await openHub(port, () => {
      const answers = !isDeaf;
      isDeaf = false;
      return answers;
    });
    const sender = openSender({ port, patienceMs: 50 });
    await sender.send(frame('1'));
    // On a busy machine an answer may come too late once more.
    expect(hub.heard.length).toBeGreaterThanOrEqual(2);
    expect(new Set(hub.heard)).toEqual(new Set(['1']));
    expect(sender.connections()).toBeGreaterThanOrEqual(2);
  });

  test('introduces itself on every line before anything else, and what is due meanwhile follows', async () => {
    const port = await findAnyPort();
    const hub = await openHub(port, () => true);
    const sender = openSender({
      port,
      introduce: async (ask) => {
        await ask(frame('register'));
        await ask(frame('prove'));
      },
    });
    await Promise.all([sender.send(frame('1')), sender.send(frame('2'))]);
    hub.breakLines();
    await sender.send(frame('3'));
    expect(hub.heard).toEqual(['register', 'prove', '1', '2', 'register', 'prove', '3']);
  });

  test('stays away until it is called back', async () => {
    const port = await findAnyPort();
    const hub = await openHub(port, () => true);
    const sender = openSender({ port });
    await sender.send(frame('1'));
    sender.cut({ isAway: true });
    const second = sender.send(frame('2'));
    await eventually(() => !sender.isConnected(), { what: 'the cut' });
    expect(hub.heard).toEqual(['1']);
    sender.back();
    await second;
  });

  test('rejects what is waiting when it is closed', async () => {
    const port = await findAnyPort();
    const sender = openSender({ port });
    const sent = expect(sender.send(frame('1'))).rejects.toThrow('closed');
    await sender.close();
    await sent;
    await expect(sender.send(frame('2'))).rejects.toThrow('closed');
  });
});
