import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FAULTS, type Fault } from './fault.ts';
import { type Front, openFront } from './front.ts';

/** A server that says back what it hears. */
let echo: Server;
let front: Front;
let clients: Socket[];

const SLOW_MS = 60;

const portOf = (server: Server) => {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};
const call = async () => {
  const client = connect(front.port, '127.0.0.1');
  clients.push(client);
  await once(client, 'connect');
  return client;
};
/** Sends the bytes and waits for as many. */
const say = async (client: Socket, bytes: Buffer): Promise<Buffer> => {
  client.write(bytes);
  return hear(client, bytes.length);
};
const hear = async (client: Socket, length: number): Promise<Buffer> => {
  const heard: Buffer[] = [];
  for await (const chunk of client.iterator({ destroyOnReturn: false })) {
    heard.push(chunk as Buffer);
    if (Buffer.concat(heard).length >= length) break;
  }
  return Buffer.concat(heard);
};
/** Resolves when the front has seen as many bytes from its clients under this fault. */
const seen = async (fault: Fault, bytes: number) => {
  while (front.faultCounters()[fault].bytesFromClient < bytes)
    await new Promise((resolve) => setImmediate(resolve));
};

beforeEach(async () => {
  echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  front = await openFront({ port: 0, serverPort: portOf(echo), slowMs: SLOW_MS });
  clients = [];
});

afterEach(async () => {
  for (const client of clients) client.destroy();
  await front.close();
  await new Promise((resolve) => echo.close(resolve));
});

describe('the front without a fault', () => {
  test('hands every byte over in both directions, however they are cut', async () => {
    const client = await call();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 5000 }), async (bytes) => {
        expect(await say(client, Buffer.from(bytes))).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 30 },
    );
  });

  test('hands five megabytes over without holding them', async () => {
    const bytes = Buffer.alloc(5 << 20, 'río');
    expect((await say(await call(), bytes)).equals(bytes)).toBe(true);
    expect(front.faultCounters().none).toMatchObject({
      bytesFromClient: bytes.length,
      bytesToClient: bytes.length,
    });
  });

  test('ends the client when the server ends, and the other way round', async () => {
    const atServer = once(echo, 'connection') as Promise<[Socket]>;
    const client = await call();
    await say(client, Buffer.from('x'));
    const [peer] = await atServer;
    const ended = once(client, 'close');
    client.resume();
    peer.end();
    await ended;

    const next = once(echo, 'connection') as Promise<[Socket]>;
    const second = await call();
    await say(second, Buffer.from('x'));
    const [secondPeer] = await next;
    const gone = once(secondPeer, 'close');
    second.end();
    await gone;
  });

  test('takes the next free port when its own is in use', async () => {
    const other = await openFront({ port: front.port, serverPort: portOf(echo) });
    expect(other.port).toBeGreaterThan(front.port);
    await other.close();
  });
});

describe('a fault', () => {
  test('down refuses new connections, cuts old ones, and the port comes back', async () => {
    const client = await call();
    await say(client, Buffer.from('x'));
    const cut = once(client, 'close');
    client.resume();
    await front.setFault('down');
    await cut;
    await expect(call()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(front.faultCounters().down).toMatchObject({ activations: 1, connections: 0, cut: 1 });
    await front.setFault('none');
    expect(await say(await call(), Buffer.from('again'))).toEqual(Buffer.from('again'));
  });

  test('hang accepts and answers nothing until it ends', async () => {
    const before = await call();
    await say(before, Buffer.from('x'));
    await front.setFault('hang');
    const during = await call();
    during.write('are you there?');
    before.write('and you?');
    await seen('hang', 22);
    expect(front.faultCounters().hang).toEqual({
      activations: 1,
      connections: 1,
      cut: 0,
      bytesFromClient: 22,
      bytesToClient: 0,
    });
    await front.setFault('none');
    expect(await hear(during, 14)).toEqual(Buffer.from('are you there?'));
    expect(await hear(before, 8)).toEqual(Buffer.from('and you?'));
  });

  test('hang lets a client go that has given up', async () => {
    await front.setFault('hang');
    const client = await call();
    client.write('hello?');
    await seen('hang', 6);
    const closed = once(client, 'close');
    client.resume();
    client.end();
    await closed;
  });

  test('slow answers, late', async () => {
    await front.setFault('slow');
    const client = await call();
    const began = performance.now();
    expect(await say(client, Buffer.from('x'))).toEqual(Buffer.from('x'));
    // A timer may fire a millisecond early.
    expect(performance.now() - began).toBeGreaterThanOrEqual(SLOW_MS - 2);
    expect(front.faultCounters().slow).toMatchObject({
      connections: 1,
      bytesFromClient: 1,
      bytesToClient: 1,
    });
  });

  test('garbage answers with bytes that nobody sent, and leaves no such connection behind', async () => {
    await front.setFault('garbage');
    const client = await call();
    client.write('select 1');
    const answer = await hear(client, 1);
    expect(answer.includes('select')).toBe(false);
    expect(front.faultCounters().garbage).toMatchObject({ connections: 1, bytesFromClient: 8 });
    expect(front.faultCounters().garbage.bytesToClient).toBe(answer.length);
    const cut = once(client, 'close');
    client.resume();
    await front.setFault('none');
    await cut;
  });

  test('half breaks each answer off in its middle', async () => {
    await front.setFault('half');
    const client = await call();
    const cut = once(client, 'close');
    client.write('a whole answer!!');
    expect(await hear(client, 16)).toEqual(Buffer.from('a whole '));
    await cut;
    expect(front.faultCounters().half).toMatchObject({ bytesFromClient: 16, bytesToClient: 8 });
  });

  test('that is spoken is said in place of the server, or done to it and undone', async () => {
    const done: string[] = [];
    const step = (name: string) => async () => void done.push(name);
    const other = await openFront({
      port: 0,
      serverPort: portOf(echo),
      answers: { error: Buffer.from('out of order') },
      behind: { expired: { begin: step('locked'), end: step('opened') } },
    });
    const callOther = async (word: string) => {
      const client = connect(other.port, '127.0.0.1');
      clients.push(client);
      client.write(word);
      return String(await hear(client, 1));
    };
    await other.setFault('error');
    expect(await callOther('select')).toBe('out of order');
    await other.setFault('expired');
    expect(done).toEqual(['locked']);
    expect(await callOther('select')).toBe('select');
    await other.setFault('none');
    expect(done).toEqual(['locked', 'opened']);
    expect(await callOther('select')).toBe('select');
    await other.close();
  });

  test('can follow any other, and none leaves the system as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...FAULTS), { maxLength: 6 }), async (faults) => {
        // Asked for all at once: they take their turn.
        await Promise.all([...faults, 'none' as const].map((fault) => front.setFault(fault)));
        expect(front.fault()).toBe('none');
        const client = await call();
        expect(await say(client, Buffer.from('ok'))).toEqual(Buffer.from('ok'));
        client.destroy();
      }),
      { numRuns: 20 },
    );
  });
});
