// Peers over TCP: a port that they connect to, or one system that the hub connects to.
import { connect, createServer, type Server, type Socket } from 'node:net';
import { waitAtMost } from '../../kit/listening.ts';
import { toSocketFault } from './faults.ts';
import { type Link, openLink, toAddress } from './link.ts';
import { keepLooking, type Meeting, type MeetOptions } from './meet.ts';
import { openPlaces, type Places } from './places.ts';

const ALIVE = { keepAlive: true, keepAliveInitialDelay: 60_000, noDelay: true, allowHalfOpen: true } as const;

/** Rejects with HUB_SOURCE_REFUSED where the port cannot be had. */
export async function listenOverTcp(options: MeetOptions): Promise<Meeting> {
  const { plan, host, onAway, onEnd } = options;
  const places = openPlaces<Link>(plan.connections, 'connections');
  const server = createServer(ALIVE, (socket) => {
    const address = toAddress(socket);
    const refusal = places.refusal(address);
    if (refusal !== null) {
      onAway(address, refusal);
      socket.destroy();
      return;
    }
    addLink(places, socket, options);
  });
  const { way, place } = plan;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(toSocketFault(error, place, way)));
    server.listen(way.port, host, resolve);
  });
  server.on('error', (error) => onEnd(toSocketFault(error, place, way)));
  return toMeeting(places, options, toPort(server), async () => {
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  });
}

/** Rejects with HUB_SOURCE_UNREACHABLE. The end of the connection is the end of the meeting. */
export async function connectOverTcp(options: MeetOptions, signal?: AbortSignal): Promise<Meeting> {
  const { plan, clock, onEnd } = options;
  const { way, place } = plan;
  const places = openPlaces<Link>(plan.connections, 'connections');
  const socket = connect({ ...ALIVE, host: way.host ?? '', port: way.port });
  const leave = () => socket.destroy();
  signal?.addEventListener('abort', leave, { once: true });
  try {
    const opened = new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
      socket.once('close', () => reject(toSocketFault(null, place, way)));
    });
    opened.catch(() => undefined);
    await waitAtMost(plan.timeoutMs, clock, opened);
    if (socket.connecting || socket.destroyed) throw toSocketFault({ code: 'ETIMEDOUT' }, place, way);
  } catch (error) {
    socket.destroy();
    throw toSocketFault(error, place, way);
  } finally {
    signal?.removeEventListener('abort', leave);
  }
  // Nobody else waits for its place: it may be silent from the beginning.
  const patience = { ...options.patience, first: options.patience.idle };
  let isEnding = false;
  addLink(places, socket, { ...options, patience });
  socket.once('close', () => {
    if (!isEnding) onEnd(toSocketFault(null, place, way));
  });
  const meeting = toMeeting(places, options, way.port, async () => undefined);
  return {
    ...meeting,
    end: () => {
      isEnding = true;
      return meeting.end();
    },
  };
}

function addLink(places: Places<Link>, socket: Socket, options: MeetOptions): void {
  const link = openLink(socket, options, () => places.remove(link));
  places.add(link);
}

function toMeeting(
  places: Places<Link>,
  options: MeetOptions,
  port: number,
  close: () => Promise<void>,
): Meeting {
  const ending = new AbortController();
  const looking = keepLooking(options, ending.signal, async () => {
    await places.look();
    options.devices.tell();
  });
  return {
    port,
    end: async () => {
      ending.abort();
      const closed = close();
      const left = [...places.all];
      const ended = Promise.all(left.map((link) => link.end()));
      await waitAtMost(options.plan.timeoutMs, options.clock, ended);
      for (const link of left) link.destroy();
      await Promise.all([closed, looking]);
    },
  };
}

function toPort(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
