// A legacy system that sends by itself, small but real: lines of JSON over TCP, `{"n":7,"object":"level","record":{…}}`.
// Each line is answered with its number when it is durable, and not before. For tests of the hub's side of `push`.
import { createServer, type Server, type Socket } from 'node:net';
import type {
  Batch,
  Capabilities,
  ConnectorKind,
  DeviceNotice,
  Source,
  SourceRecord,
} from '../../connectors/kit/contract.ts';
import { HubError } from '../../schema/errors.ts';

const capabilities: Capabilities = {
  describe: false,
  declares: false,
  readMany: false,
  select: false,
  scan: false,
  listen: true,
  spans: false,
  deliveries: false,
  digests: false,
  filter: [],
};

export type LineSource = Source & {
  /** The port that is listened to; null while it is not. */
  readonly port: () => number | null;
  /** Ends listening as a broken machine does: the port goes, and whoever listened is told. */
  readonly breakDown: () => Promise<void>;
  /** Hands over a batch that no line of its wire can say; resolves when it is taken. */
  readonly bring: (batch: Batch) => Promise<void>;
  /** Tells of its senders. */
  readonly tell: (notices: readonly DeviceNotice[]) => void;
};

/** `options.listen.port` of the settings, as the manifest has it; 0: any free one. */
export const lineKind: ConnectorKind = {
  kind: 'socket',
  capabilities,
  open: async ({ options }) => openLineSource((options.listen as { readonly port: number }).port),
};

export function openLineSource(asked: number): LineSource {
  let listening: { readonly server: Server; readonly end: () => Promise<void> } | null = null;
  let tell: (error: Error) => void = () => undefined;
  let tellDevices: (notices: readonly DeviceNotice[]) => void = () => undefined;
  let take: (batch: Batch) => Promise<void> = () => refuse();
  const refuse = async (): Promise<never> => {
    throw new HubError('HUB_SOURCE_UNSUPPORTED', 'it sends by itself and is not asked');
  };
  return {
    capabilities,
    port: () => toPort(listening?.server),
    breakDown: async () => {
      await listening?.end();
      tell(new HubError('HUB_SOURCE_UNREACHABLE', 'the line went dead'));
    },
    bring: (batch) => take(batch),
    tell: (notices) => tellDevices(notices),
    listen: async (onRecords, options = {}) => {
      take = onRecords;
      const connections = new Set<Connection>();
      const server = createServer((socket) => {
        const connection = openConnection(socket, onRecords, () => connections.delete(connection));
        connections.add(connection);
      });
      await bind(server, asked);
      tell = options.onEnd ?? tell;
      tellDevices = options.onDevices ?? tellDevices;
      const end = async () => {
        if (listening?.server !== server) return;
        listening = null;
        const closed = new Promise((resolve) => server.close(resolve));
        await Promise.all([...connections].map((connection) => connection.end()));
        await closed;
      };
      listening = { server, end };
      return end;
    },
    describe: refuse,
    readMany: refuse,
    select: refuse,
    // biome-ignore lint/correctness/useYield: it refuses before there is a page
    async *scan() {
      await refuse();
    },
    digest: refuse,
    deliveries: refuse,
    settle: refuse,
    close: async () => listening?.end(),
  };
}

function bind(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: Error) =>
      reject(new HubError('HUB_SOURCE_REFUSED', `port ${port} cannot be listened to`, { cause: error })),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
}

type Connection = { readonly end: () => Promise<void> };

/** Lines are taken one after the other: the next is looked at when the one before is answered. */
function openConnection(
  socket: Socket,
  onRecords: (batch: Batch) => Promise<void>,
  onClose: () => void,
): Connection {
  let [rest, isEnding] = ['', false];
  let work: Promise<void> = Promise.resolve();
  const takeLine = async (line: string) => {
    if (isEnding || socket.destroyed) return;
    const { n, batch } = toBatch(line);
    await onRecords(batch);
    if (!socket.destroyed) socket.write(`${n}\n`);
  };
  socket.setEncoding('utf8');
  socket.on('error', () => undefined);
  socket.on('close', onClose);
  socket.on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    // What was not taken yet stays with the sender: the window of the connection closes.
    socket.pause();
    work = work
      .then(async () => {
        for (const line of lines) await takeLine(line);
        socket.resume();
      })
      // Not durable: no answer, and the sender finds its line cut off.
      .catch(() => void socket.destroy());
  });
  return {
    end: async () => {
      isEnding = true;
      await work;
      socket.destroy();
    },
  };
}

function toBatch(line: string): { readonly n: number; readonly batch: Batch } {
  const receivedAt = new Date().toISOString();
  try {
    const { n, object, record } = JSON.parse(line) as { n: number; object: string; record: SourceRecord };
    return { n, batch: { object, records: [record], receivedAt } };
  } catch {
    const n = Number(/"n":(\d+)/.exec(line)?.[1]);
    const unreadable = [{ raw: { '@raw': line }, message: 'the line is no JSON' }];
    return { n, batch: { object: 'level', records: [], receivedAt, unreadable } };
  }
}

function toPort(server: Server | undefined): number | null {
  const address = server?.address();
  return typeof address === 'object' && address !== null ? address.port : null;
}
