// A hub for tests of devices: it reads what they send by one of the hub's own codecs, and answers it or keeps silent.
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Frame, FrameCodec, FrameFault } from '../../connectors/kit/frame-codec.ts';

export type CodecHub = {
  readonly port: number;
  /** In the order in which they came, over all connections. */
  readonly frames: readonly Frame[];
  readonly refused: readonly FrameFault[];
  connections(): number;
  close(): Promise<void>;
};

export type CodecHubOptions<State> = {
  readonly codec: FrameCodec<State>;
  readonly now: number;
  /** Any free one when absent. */
  readonly port?: number;
  /** All when absent. */
  readonly isAnswered?: (frame: Frame) => boolean;
};

const OPTIONS = { frameBytes: 4096, withinMs: 60_000, parts: 16 } as const;

export async function openCodecHub<State>(options: CodecHubOptions<State>): Promise<CodecHub> {
  const { codec, now, port = 0, isAnswered = () => true } = options;
  const [frames, refused, sockets]: [Frame[], FrameFault[], Set<Socket>] = [[], [], new Set()];
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    let state = codec.begin(OPTIONS);
    socket.on('data', (bytes) => {
      const step = codec.step(state, bytes, now);
      state = step.state;
      for (const item of step.items) {
        if (item.kind === 'refused') refused.push(item.reason);
        else {
          frames.push(item);
          if (item.reply !== null && isAnswered(item)) socket.write(item.reply);
        }
      }
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return {
    port: address.port,
    frames,
    refused,
    connections: () => sockets.size,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
