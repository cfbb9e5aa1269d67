// The stations that send SL 651 to the hub: a telemetry unit each, that keeps every report until it is answered. What is due
// when is reports.ts's; a load of many frames a second in real time is telemetry-load.ts's.
import type { Instant } from '../clock/sandbox-clock.ts';
import { openTcpSender, type TcpSender } from '../sender/tcp-sender.ts';
import type { Observation, Sending } from './reports.ts';
import {
  type ElementWord,
  type Report,
  toAsciiFrame,
  toHexFrame,
  toHexPackets,
  toSerialKey,
} from './sl651.ts';
import { openAnswerReader } from './sl651-answers.ts';
import { type Station, toAddress } from './station.ts';

export type TelemetryOptions = {
  /** Where the hub listens, on this machine. */
  readonly port: number;
  /** Four hexadecimal digits, of all units. */
  readonly password: string;
  readonly stations: readonly Station[];
  /** Of the units: frames say when they were sent. */
  readonly now: () => Instant;
  /** Told before a report goes out for the first time, and when it was answered. */
  readonly ledger?: TelemetryLedger;
  /** Units that share a connection; one unit a connection when absent. */
  readonly connections?: number;
  /** Real milliseconds, as the sender's. */
  readonly patienceMs?: number;
  readonly retryMs?: number;
};

export type TelemetryLedger = {
  sent(observation: Observation): void;
  acknowledged(observation: Observation): void;
};

export type Telemetry = {
  /** Resolves when it was answered; rejects when the stations are closed before. */
  send(sending: Sending): Promise<void>;
  /** 2FH of these stations; lost while there is no connection. */
  keepAlive(stations: readonly Station[]): void;
  /** Reports that were not answered yet. */
  waiting(): number;
  isConnected(): boolean;
  /** Cuts all lines in the middle of whatever is on them. */
  cut(): void;
  /** Nothing is sent while they are away; what falls due waits. */
  setAway(isAway: boolean): void;
  close(): Promise<void>;
};

const RETRY_MS = 1000;
const LAST_SERIAL = 0xffff;

type Unit = { readonly station: Station; readonly line: Line };
/** A connection, and the serial numbers that its units take in turn. */
type Line = { readonly sender: TcpSender; serial: number };

/** Units connect whenever the hub is there; nothing is sent by itself. */
export function openTelemetry(options: TelemetryOptions): Telemetry {
  const { port, stations, patienceMs, retryMs = RETRY_MS, ledger } = options;
  const lines = Array.from(
    { length: Math.min(options.connections ?? stations.length, stations.length) },
    () => ({
      sender: openTcpSender({
        ...{ port, retryMs, openReader: openAnswerReader },
        ...(patienceMs === undefined ? {} : { patienceMs }),
      }),
      serial: 0,
    }),
  );
  const units = new Map<string, Unit>(
    stations.flatMap((station, index) => {
      const line = lines[index % lines.length];
      return line === undefined ? [] : [[station.code, { station, line }] as const];
    }),
  );
  const toUnit = ({ code }: Station): Unit => {
    const unit = units.get(code);
    if (unit === undefined) throw new Error(`a sender must be one of the stations, but got: ${code}`);
    return unit;
  };
  return {
    send: async (sending) => {
      const { observation } = sending;
      const { line } = toUnit(observation.station);
      line.serial = (line.serial % LAST_SERIAL) + 1;
      ledger?.sent(observation);
      await sendReport(line, sending, toReport(sending, line.serial, options));
      ledger?.acknowledged(observation);
    },
    keepAlive: (own) => {
      for (const station of own)
        toUnit(station).line.sender.shout(toHexFrame(toSignOfLife(station, options)));
    },
    waiting: () => lines.reduce((sum, { sender }) => sum + sender.waiting(), 0),
    isConnected: () => lines.every(({ sender }) => sender.isConnected()),
    cut: () => {
      for (const { sender } of lines) sender.cut();
    },
    setAway: (isAway) => {
      for (const { sender } of lines)
        if (isAway) sender.cut({ isAway });
        else sender.back();
    },
    close: async () => {
      await Promise.all(lines.map(({ sender }) => sender.close()));
    },
  };
}

async function sendReport({ sender }: Line, sending: Sending, report: Report): Promise<void> {
  const bytes = toBytes(sending, report);
  if (sending.isDamagedFirst) sender.shout(toDamaged(bytes));
  const answered = sender.send({ key: toSerialKey(report.serial), bytes });
  if (sending.isDoubled) sender.shout(bytes);
  await answered;
}

function toBytes({ coding }: Sending, report: Report): Uint8Array {
  if (coding === 'ascii') return toAsciiFrame(report);
  return coding === 'packets' ? Buffer.concat(toHexPackets(report)) : toHexFrame(report);
}

/** A byte of the first packet's body is wrong: its check tells. */
function toDamaged(bytes: Uint8Array): Uint8Array {
  const damaged = Uint8Array.from(bytes);
  damaged[30] = (damaged[30] ?? 0) ^ 0x01;
  return damaged;
}

function toReport({ word, observation }: Sending, serial: number, options: TelemetryOptions): Report {
  const { station, at, stageM, flowM3s, rainMm, dayMm, volts } = observation;
  const isGauge = station.stageEvery !== null;
  const values: [ElementWord, number | null][] = [];
  if (rainMm !== null) values.push(['PJ', dayMm], ['PN05', rainMm]);
  if (isGauge) values.push(['Z', stageM]);
  if (flowM3s !== null) values.push(['Q', flowM3s]);
  return {
    ...{ address: toAddress(station), password: options.password, word, serial, sentAt: options.now() },
    ...{ type: isGauge ? 'H' : 'P', observedAt: at, values: new Map([...values, ['VT', volts]]) },
  };
}

/** It has no answer, so that its serial number may be anybody's. */
function toSignOfLife(station: Station, { password, now }: TelemetryOptions): Report {
  return {
    ...{ address: toAddress(station), password, word: '2F', serial: LAST_SERIAL, sentAt: now() },
    ...{ type: null, observedAt: now(), values: new Map() },
  };
}
