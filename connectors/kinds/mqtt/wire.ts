// MQTT packets over one TCP or TLS connection. It knows nothing of what they mean: connection.ts does.
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectOverTls } from 'node:tls';
import { generate, type Packet, parser } from 'mqtt-packet';
import { refuse, toLineFault, type Version } from './faults.ts';
import type { MqttPlan } from './settings.ts';

export type Wire = {
  /** Written, or thrown away once the connection is over. */
  send(packet: Packet): void;
  /** Nothing more is read until `resume`: what is not taken yet stays with the broker. */
  pause(): void;
  resume(): void;
  /** Lets what was sent go out, then closes; resolves when it is closed. */
  end(): Promise<void>;
  destroy(): void;
};

export type WireOptions = {
  readonly plan: Pick<MqttPlan, 'server' | 'place' | 'frameBytes'>;
  readonly version: Version;
  readonly onOpen: () => void;
  readonly onPacket: (packet: Packet) => void;
  /** Once, when it is over and nobody ended it. */
  readonly onFault: (error: Error) => void;
};

/** The least that a packet may have, whatever the manifest allows: beyond this, bytes that belong to no end fill the memory. */
const LEAST_PACKET = 1_048_576;
/** A topic has up to 65,535 bytes. */
const HEAD = 66_000;
/** How long a broker is waited for that was said goodbye. */
const GOODBYE_MS = 1000;

/** Payloads may be text of twice their bytes (`payload: hex`). */
export function toMostPacket({ frameBytes }: Pick<MqttPlan, 'frameBytes'>): number {
  return Math.max(LEAST_PACKET, 2 * frameBytes + HEAD);
}

export function openWire({ plan, version, onOpen, onPacket, onFault }: WireOptions): Wire {
  const { server, place } = plan;
  const most = toMostPacket(plan);
  const options = { protocolVersion: version };
  let isOver = false;
  const socket = openSocket(server, onOpen);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const fail = (error: Error) => {
    if (isOver) return;
    isOver = true;
    socket.destroy();
    onFault(error);
  };
  const packets = parser(options);
  packets.on('packet', (packet) => {
    if (!isOver) onPacket(packet);
  });
  packets.on('error', () =>
    fail(refuse('HUB_SOURCE_FORMAT', place, 'what answers there speaks no MQTT; is this the right port?')),
  );
  socket.on('data', (bytes) => {
    if (isOver) return;
    if (packets.parse(bytes) > most)
      fail(
        refuse(
          'HUB_SOURCE_LIMIT',
          place,
          `a packet of more than ${most} bytes; nothing behind it can be read`,
        ),
      );
  });
  socket.on('error', (error) => fail(toLineFault(error, place)));
  socket.on('close', () => fail(toLineFault(null, place)));
  return {
    send: (packet) => {
      if (!isOver && socket.writable) socket.write(generate(packet, options));
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    end: async () => {
      isOver = true;
      if (!socket.destroyed) {
        socket.setTimeout(GOODBYE_MS, () => socket.destroy());
        socket.end();
        socket.resume();
      }
      await closed;
    },
    destroy: () => {
      isOver = true;
      socket.destroy();
    },
  };
}

function openSocket({ host, port, isTls }: MqttPlan['server'], onOpen: () => void): Socket {
  if (!isTls) return connect({ host, port, noDelay: true }, onOpen);
  // A server is asked for by name; an address is no name (RFC 6066).
  const name = isIP(host) === 0 ? { servername: host } : {};
  return connectOverTls({ host, port, ...name }, onOpen);
}
