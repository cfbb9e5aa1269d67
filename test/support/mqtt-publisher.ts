// Whoever publishes at a broker, in MQTT 3.1.1: a message is given to the broker when `publish` resolves.
import { once } from 'node:events';
import { connect } from 'node:net';
import { generate, type IConnectPacket, type Packet, parser } from 'mqtt-packet';

export type Publisher = {
  publish(
    topic: string,
    payload: string | Uint8Array,
    options?: { readonly qos?: 1 | 2; readonly retain?: boolean },
  ): Promise<void>;
  /** The broker has closed the connection. */
  readonly closed: Promise<unknown>;
  close(): void;
};

export type PublisherOptions = {
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
  /** Its session is begun anew; a random one when absent. */
  readonly client?: string;
};

/** Rejects when the broker does not let it in. */
export async function openPublisher(options: PublisherOptions): Promise<Publisher> {
  const { port, user, password, client = `test-${Math.random().toString(36).slice(2)}` } = options;
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const packets = parser({ protocolVersion: 4 });
  const waiting = new Map<string, () => void>();
  let id = 0;
  const send = (packet: Packet) => socket.write(generate(packet));
  const answer = (key: string) => new Promise<void>((resolve) => waiting.set(key, resolve));
  packets.on('packet', (packet) => {
    const key =
      packet.cmd === 'connack' ? `connack ${packet.returnCode}` : `${packet.cmd} ${packet.messageId}`;
    if (packet.cmd === 'pubrec') send({ cmd: 'pubrel', messageId: packet.messageId ?? 0 });
    waiting.get(key)?.();
    waiting.delete(key);
  });
  socket.on('data', (bytes) => packets.parse(bytes));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const hello: IConnectPacket = {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clientId: client,
    clean: true,
    keepalive: 0,
  };
  const taken = answer('connack 0');
  send({
    ...hello,
    ...(user === undefined ? {} : { username: user, password: Buffer.from(password ?? '') }),
  });
  const closed = once(socket, 'close');
  const refused = closed.then(() => Promise.reject(new Error('the broker closed the connection')));
  refused.catch(() => undefined);
  await Promise.race([taken, refused]);
  return {
    publish: async (topic, payload, { qos = 1, retain = false } = {}) => {
      id += 1;
      const done = answer(`${qos === 1 ? 'puback' : 'pubcomp'} ${id}`);
      send({ cmd: 'publish', topic, payload: Buffer.from(payload), qos, retain, dup: false, messageId: id });
      await done;
    },
    closed,
    close: () => socket.destroy(),
  };
}
