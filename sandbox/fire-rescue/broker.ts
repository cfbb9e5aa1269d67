// The department's broker: aedes on a free port with the front before it. Its devices publish inside this process; the hub may
// subscribe to fire/ and publish nothing. For a session that is away it keeps what comes, as long as this process lives.
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { type Front, openFront } from '../front/front.ts';
import type { Message } from './message.ts';

export type BrokerOptions = {
  /** Of the front; the next free one is taken if it is in use, 0 is any. */
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly slowMs?: number | undefined;
  /** A client has subscribed. */
  readonly onSubscribed: () => void;
  /** The client has taken over a message (PUBACK). */
  readonly onAcknowledged: (topic: string, payload: string) => void;
};

export type Broker = Pick<Front, 'port' | 'setFault' | 'faultCounters'> & {
  /** Resolves when it is with the broker. */
  publish(message: Message): Promise<void>;
  close(): Promise<void>;
};

/** CONNACK of MQTT 3.1.1, told to whatever is said: 3 server unavailable, 5 not authorised. */
const toConnack = (code: number) => Buffer.from([0x20, 2, 0, code]);
const ANSWERS = {
  error: toConnack(3),
  expired: toConnack(5),
  schema: Buffer.from('SSH-2.0-OpenSSH_8.9\r\n'),
};

export async function openBroker(options: BrokerOptions): Promise<Broker> {
  const { user, password, slowMs, onSubscribed, onAcknowledged } = options;
  const aedes = await Aedes.createBroker({
    authenticate: (_client, name, word, done) => done(null, name === user && word?.toString() === password),
    authorizeSubscribe: (_client, subscription, done) =>
      done(null, subscription.topic.startsWith('fire/') ? subscription : null),
    authorizePublish: (client, _packet, done) => done(client === null ? null : new Error('subscribers only')),
  });
  aedes.on('subscribe', () => onSubscribed());
  aedes.on('ack', (packet) => {
    // It is told also of what was acknowledged before.
    if (packet !== undefined && 'topic' in packet && 'payload' in packet)
      onAcknowledged(packet.topic, packet.payload.toString());
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    aedes.handle(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const serverPort = typeof address === 'object' && address !== null ? address.port : 0;
  const close = async () => {
    await new Promise<void>((resolve) => aedes.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  try {
    const slow = slowMs === undefined ? {} : { slowMs };
    const front = await openFront({ port: options.port, serverPort, answers: ANSWERS, ...slow });
    return {
      ...{ port: front.port, setFault: front.setFault, faultCounters: front.faultCounters },
      publish: ({ topic, payload, isRetained }) =>
        new Promise((resolve, reject) => {
          const packet = { cmd: 'publish', topic, payload, qos: 1, retain: isRetained, dup: false } as const;
          aedes.publish(packet, (error) => (error ? reject(error) : resolve()));
        }),
      close: async () => {
        await front.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
