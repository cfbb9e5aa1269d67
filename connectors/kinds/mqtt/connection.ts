// One connection to a broker, from CONNECT to its end: the session, the subscriptions, messages in, acknowledgements out. It
// acknowledges nothing by itself: intake.ts says when.
import type { IPublishPacket, Packet } from 'mqtt-packet';
import { isHubError, toError } from '../../../schema/errors.ts';
import type { Clock } from '../../kit/resilience/clock.ts';
import { type Answers, toAnswers } from './answers.ts';
import { refuse, toFarewell, toRefusal, type Version } from './faults.ts';
import { judgeGrants, toConnect, toSubscribe } from './greeting.ts';
import { keepAlive } from './keep-alive.ts';
import type { Message } from './reading.ts';
import type { MqttPlan } from './settings.ts';
import { openWire, type Wire } from './wire.ts';

/** `qos` and `id` are the broker's own, for the acknowledgement. */
export type Received = Message & { readonly qos: 0 | 1 | 2; readonly id: number };

/** The way back to the broker. */
export type Line = {
  /** PUBACK, or for qos 2 PUBREC. To be called in the order of the messages (MQTT 4.6). */
  acknowledge(message: Received): void;
  /** Nothing more is read from the broker while this holds. */
  hold(isFull: boolean): void;
};

export type Connection = {
  /** Says goodbye, which keeps the session; resolves when it is closed. */
  end(): Promise<void>;
  /** Cuts it off: what was not acknowledged comes again. */
  destroy(): void;
};

export type ConnectionOptions = {
  readonly plan: MqttPlan;
  /** Who the hub is to the broker. */
  readonly client: string;
  readonly clock: Clock;
  /** How often the broker is promised a sign of life. */
  readonly keepAliveSeconds: number;
  readonly signal: AbortSignal;
  /** From the moment on that the broker takes the hub in, also before its subscriptions are confirmed. */
  readonly onMessage: (message: Received, line: Line) => void;
  /** Once, when the connection is over and nobody ended it; not while it is being made: then the promise rejects. */
  readonly onEnd: (error: Error) => void;
};

/** MQTT 5 first; brokers that are older are spoken to in 3.1.1. Rejects with what keeps the hub out. */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const connection = (await openVersion(5, options)) ?? (await openVersion(4, options));
  if (connection !== null) return connection;
  throw refuse('HUB_SOURCE_UNSUPPORTED', options.plan.place, 'the broker speaks neither MQTT 5 nor 3.1.1');
}

/** MQTT 3.1.1 and MQTT 5: "unacceptable protocol version". */
const OTHER_VERSION: ReadonlySet<number> = new Set([1, 132]);

type State = {
  isSent: boolean;
  isOpen: boolean;
  isHeld: boolean;
  heardMs: number;
  /** What ended it before it was open. */
  fault: Error | null;
};

/** Null: the broker does not speak this version. */
async function openVersion(version: Version, options: ConnectionOptions): Promise<Connection | null> {
  const { plan, clock, signal, onEnd } = options;
  const { place, timeoutMs } = plan;
  const state: State = { isSent: false, isOpen: false, isHeld: false, heardMs: clock.now(), fault: null };
  const [ending, answers] = [new AbortController(), toAnswers()];
  const fail = (error: Error) => {
    if (ending.signal.aborted) return;
    ending.abort();
    wire.destroy();
    answers.fail(error);
    if (state.isOpen) onEnd(error);
    else state.fault = error;
  };
  const wire: Wire = openWire({
    ...{ plan, version, onFault: fail },
    onOpen: () => {
      state.isSent = true;
      wire.send(toConnect(version, plan, options));
    },
    onPacket: (packet) => {
      state.heardMs = clock.now();
      takePacket(packet);
    },
  });
  const line = toLine(wire, state);
  const takePacket = (packet: Packet) => {
    if (packet.cmd === 'publish') options.onMessage(toReceived(packet), line);
    // What was answered before is no answer any more: whatever speaks there has lost the thread (MQTT 5, 3.2).
    else if (packet.cmd === 'connack' && state.isOpen)
      fail(refuse('HUB_SOURCE_FORMAT', place, 'the broker greets a second time'));
    else if (packet.cmd === 'connack' || packet.cmd === 'suback') answers.take(packet);
    else if (packet.cmd === 'pubrel') wire.send({ cmd: 'pubcomp', messageId: packet.messageId ?? 0 });
    else if (packet.cmd === 'disconnect') fail(toFarewell(packet.reasonCode ?? 0, place));
  };
  const onAbort = () => fail(toError(signal.reason));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  const late = new AbortController();
  clock.sleep(timeoutMs, late.signal).then(
    () => fail(refuse('HUB_SOURCE_TIMEOUT', place, 'the broker does not answer within `limits.timeout`')),
    () => undefined,
  );
  try {
    const greeted = await greet(version, { plan, wire, answers, state });
    if (greeted === null) return null;
    // The end may stand in the same packet of the network as the last answer.
    if (state.fault !== null) throw state.fault;
    state.isOpen = true;
    void keepAlive({
      ...{ clock, signal: ending.signal },
      everyMs: 1000 * (greeted.keepAliveSeconds ?? options.keepAliveSeconds),
      ping: () => wire.send({ cmd: 'pingreq' }),
      heardMs: () => (state.isHeld ? null : state.heardMs),
      onSilence: () => fail(refuse('HUB_SOURCE_TIMEOUT', place, 'the broker fell silent')),
    });
    return toConnection(wire, ending);
  } finally {
    late.abort();
    signal.removeEventListener('abort', onAbort);
    if (!state.isOpen) {
      ending.abort();
      wire.destroy();
    }
  }
}

type Greeting = {
  readonly plan: MqttPlan;
  readonly wire: Wire;
  readonly answers: Answers;
  readonly state: State;
};

/** The answers to CONNECT and SUBSCRIBE. `keepAliveSeconds`: what the broker wants in place of what it was promised. */
async function greet(
  version: Version,
  { plan, wire, answers, state }: Greeting,
): Promise<{ readonly keepAliveSeconds: number | null } | null> {
  const taken = await answers.next('connack').catch((error: unknown) => {
    // Brokers before MQTT 5 close, or answer in a form of their own.
    const isOlder = isHubError(error, 'HUB_SOURCE_FORMAT', 'HUB_SOURCE_UNREACHABLE');
    if (version === 5 && state.isSent && isOlder) return null;
    throw error;
  });
  if (taken === null) return null;
  const code = taken.reasonCode ?? taken.returnCode ?? 0;
  if (OTHER_VERSION.has(code)) return null;
  if (code !== 0) throw toRefusal(code, plan.place);
  wire.send(toSubscribe(version, plan));
  judgeGrants(plan, (await answers.next('suback')).granted);
  return { keepAliveSeconds: taken.properties?.serverKeepAlive ?? null };
}

function toLine(wire: Wire, state: State): Line {
  return {
    acknowledge: ({ qos, id }) => {
      if (qos > 0) wire.send({ cmd: qos === 1 ? 'puback' : 'pubrec', messageId: id });
    },
    hold: (isFull) => {
      if (isFull === state.isHeld) return;
      state.isHeld = isFull;
      if (isFull) wire.pause();
      else wire.resume();
    },
  };
}

function toConnection(wire: Wire, ending: AbortController): Connection {
  return {
    end: async () => {
      if (!ending.signal.aborted) wire.send({ cmd: 'disconnect', reasonCode: 0 });
      ending.abort();
      await wire.end();
    },
    destroy: () => {
      ending.abort();
      wire.destroy();
    },
  };
}

function toReceived({ topic, payload, retain, qos, messageId }: IPublishPacket): Received {
  return {
    ...{ topic, qos, isRetained: retain, id: messageId ?? 0 },
    payload: typeof payload === 'string' ? Buffer.from(payload) : payload,
  };
}
