// The data loggers over TCP: one a monitoring point, that keeps what it asked an answer for until the answer comes, and forgets
// what it did not ask for.
import type { Instant } from '../clock/sandbox-clock.ts';
import { openTcpSender, type TcpSender } from '../sender/tcp-sender.ts';
import { type Message, toBytes, toDamagedBytes, toPartCount, toSignOfLife } from './messages.ts';
import type { Outlet } from './outlet.ts';
import { openAnswerReader } from './packet.ts';

export type LoggersOptions = {
  readonly port: number;
  readonly password: string;
  readonly outlets: readonly Outlet[];
  readonly patienceMs?: number;
  readonly retryMs?: number;
};

export type Loggers = {
  /** Resolves with whether it was answered: at once with false where no answer was asked for. Rejects when they are closed. */
  send(message: Message): Promise<boolean>;
  /** 9015 of all of them. */
  keepAlive(at: Instant): void;
  /** Bytes of no protocol, from each. */
  babble(): void;
  waiting(): number;
  isConnected(): boolean;
  cut(): void;
  setAway(isAway: boolean): void;
  close(): Promise<void>;
};

type Logger = {
  readonly outlet: Outlet;
  readonly sender: TcpSender;
  /** How many answers a message wants, while it waits for them. */
  readonly parts: Map<string, number>;
};

const RETRY_MS = 1000;

/** Loggers connect whenever the hub is there; nothing is sent by itself. */
export function openLoggers(options: LoggersOptions): Loggers {
  const { port, password, outlets, patienceMs, retryMs = RETRY_MS } = options;
  const loggers = new Map<string, Logger>();
  for (const outlet of outlets) {
    const parts = new Map<string, number>();
    const sender = openTcpSender({
      ...{ port, retryMs, openReader: () => openAnswerReader((qn) => parts.get(qn) ?? 1) },
      ...(patienceMs === undefined ? {} : { patienceMs }),
    });
    loggers.set(outlet.mn, { outlet, sender, parts });
  }
  const all = [...loggers.values()];
  return {
    send: async (message) => {
      const logger = loggers.get(message.outlet.mn);
      if (logger === undefined) throw new Error(`a sender must be one of the outlets: ${message.outlet.mn}`);
      return sendMessage(logger, message, password);
    },
    keepAlive: (at) => {
      for (const { outlet, sender } of all) sender.shout(toSignOfLife(outlet, password, at));
    },
    babble: () => {
      for (const { sender } of all) sender.shout(NOISE);
    },
    waiting: () => all.reduce((sum, { sender }) => sum + sender.waiting(), 0),
    isConnected: () => all.every(({ sender }) => sender.isConnected()),
    cut: () => {
      for (const { sender } of all) sender.cut();
    },
    setAway: (isAway) => {
      for (const { sender } of all)
        if (isAway) sender.cut({ isAway });
        else sender.back();
    },
    close: async () => {
      await Promise.all(all.map(({ sender }) => sender.close()));
    },
  };
}

const NOISE = Buffer.from('\x00\xffAT+CSQ\r\nERROR\r\n#', 'latin1');

async function sendMessage({ sender, parts }: Logger, message: Message, password: string): Promise<boolean> {
  const { qn, isAsked, isDoubled, damage } = message;
  const bytes = toBytes(message, password);
  if (damage !== null) sender.shout(toDamagedBytes(message, password));
  if (!isAsked) {
    sender.shout(bytes);
    if (isDoubled) sender.shout(bytes);
    return false;
  }
  parts.set(qn, toPartCount(message));
  const answered = sender.send({ key: qn, bytes });
  if (isDoubled) sender.shout(bytes);
  await answered;
  parts.delete(qn);
  return true;
}
