// The brokers that the kind `mqtt` is tested at, as one table: aedes in this process (MQTT 3.1.1, with a password), and the
// Mosquitto of this machine (MQTT 5) where one answers.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Aedes } from 'aedes';

export type TestBroker = {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  close(): Promise<void>;
};
export type BrokerCase = { readonly name: string; open(): Promise<TestBroker> };

export type AedesBroker = TestBroker & {
  /** Subscriptions to what begins so are refused. */
  forbid(prefix: string): void;
  /** Clients that are connected now. */
  readonly connected: () => number;
};

const USER = 'hub';
export const PASSWORD = 'aedes-s3cr3t';
const MOSQUITTO = 1883;

export async function openAedes(): Promise<AedesBroker> {
  let forbidden: string | null = null;
  const broker = await Aedes.createBroker({
    authenticate: (_client, user, password, done) =>
      done(null, user === USER && password?.toString() === PASSWORD),
    authorizeSubscribe: (_client, subscription, done) =>
      done(null, forbidden !== null && subscription.topic.startsWith(forbidden) ? null : subscription),
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    ...{ user: USER, password: PASSWORD },
    forbid: (prefix) => {
      forbidden = prefix;
    },
    connected: () => broker.connectedClients,
    close: async () => {
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Every broker that is here; what is not is said aloud, on the test's own output. */
export async function toBrokers(): Promise<readonly BrokerCase[]> {
  const aedes = { name: 'aedes (MQTT 3.1.1)', open: openAedes };
  if (await isReachable(MOSQUITTO))
    return [
      aedes,
      {
        name: 'Mosquitto (MQTT 5)',
        open: async () => ({ port: MOSQUITTO, user: USER, password: PASSWORD, close: async () => undefined }),
      },
    ];
  process.stderr.write(
    `\nSKIPPED: MQTT 5 is NOT tested here, no Mosquitto answers at 127.0.0.1:${MOSQUITTO}.\n\n`,
  );
  return [aedes];
}

async function isReachable(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
