// A process of bench/push.ts: the load. Telemetry frames a second and vehicles with a position every ten seconds, in real time,
// each with its own entry in the ledger. Its one argument is a SendOrder as JSON. On `pause` nothing more falls due; when all that
// was sent is answered, or the patience is over, it sends a SendReport and ends.
import { openTelemetryLoad } from '../../sandbox/hydrology/telemetry-load.ts';
import { openTerminals } from '../../sandbox/transport/terminals.ts';
import { toVehicles } from '../../sandbox/transport/vehicle.ts';
import type { Entry } from './ledger.ts';
import { toLoadStations } from './stations.ts';

export type SendOrder = {
  readonly telemetryPort: number;
  readonly rtuPassword: string;
  readonly framesPerSecond: number;
  readonly terminalPort: number;
  readonly seed: number;
  /** Vehicles of the register: the first ones speak to the hub by themselves, the rest are this load's. */
  readonly fleet: number;
  readonly ownTerminals: number;
  /** Milliseconds since 1970: the newest minute that telemetry tells of; no sandbox has readings of that time. */
  readonly telemetryNow: number;
};

export type SendReport = {
  readonly telemetry: readonly Entry[];
  readonly positions: readonly Entry[];
  /** Frames without an answer when the patience was over. */
  readonly waiting: number;
};

const PATIENCE_MS = 120_000;

const order = JSON.parse(process.argv[2] ?? '') as SendOrder;
const toIso = (ms: number) => new Date(ms).toISOString();
/** As keys have it: `2026-04-05T00:30:00Z`. */
const toKeyTime = (ms: number) => `${toIso(ms).slice(0, 19)}Z`;

const telemetry = new Map<string, Entry>();
const load = openTelemetryLoad({
  port: order.telemetryPort,
  password: order.rtuPassword,
  stations: toLoadStations(),
  perSecond: order.framesPerSecond,
  now: () => order.telemetryNow,
  ledger: {
    sent: ({ station, at, stageM }) => {
      const key = `${station.code}~${toKeyTime(at)}`;
      telemetry.set(key, { key, value: stageM ?? Number.NaN, sentAt: toIso(Date.now()), answeredAt: null });
    },
    acknowledged: ({ station, at }) => {
      const key = `${station.code}~${toKeyTime(at)}`;
      const entry = telemetry.get(key);
      if (entry !== undefined) telemetry.set(key, { ...entry, answeredAt: toIso(Date.now()) });
    },
  },
});

const positions = new Map<string, Entry>();
const COLOURS: Readonly<Record<number, string>> = {
  1: 'BLUE',
  2: 'YELLOW',
  3: 'BLACK',
  4: 'WHITE',
  5: 'GREEN',
};
const terminals = openTerminals({
  port: order.terminalPort,
  vehicles: toVehicles(order.seed, order.fleet).slice(order.ownTerminals),
  seed: order.seed,
  beatMs: null,
  note: ({ vehicle, fix, sentAt, answeredAt }) => {
    const key = `${vehicle.plate}~${COLOURS[vehicle.colour]}~${toKeyTime(fix.at)}`;
    positions.set(key, {
      key,
      value: fix.speed,
      sentAt: toIso(sentAt),
      answeredAt: answeredAt === null ? null : toIso(answeredAt),
    });
  },
});

const looking = setInterval(terminals.look, 500);

process.on('message', () => void finish());
process.on('disconnect', () => process.exit(0));
const beat = setInterval(() => process.send?.({ sent: telemetry.size + positions.size }), 1000);

async function finish(): Promise<void> {
  clearInterval(beat);
  await load.pause();
  clearInterval(looking);
  const until = performance.now() + PATIENCE_MS;
  while (load.waiting() + terminals.waiting() > 0 && performance.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 50));
  const waiting = load.waiting() + terminals.waiting();
  const report: SendReport = {
    telemetry: [...telemetry.values()],
    positions: [...positions.values()],
    waiting,
  };
  process.send?.(report, () => process.exit(0));
}
