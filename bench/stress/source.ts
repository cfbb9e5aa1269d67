// A process of bench/stress.ts: the hub's side. A source of the kind `socket` that listens for SL 651 over TCP, and another one
// over UDP, with a store of 5 ms behind them. Its one argument is a SourceOrder as JSON; four times a second it sends a SourceReport.
import { sl651Codec } from '../../connectors/codecs/sl651/sl651-codec.ts';
import { toSocketKind } from '../../connectors/kinds/socket/socket-kind.ts';
import type { SourceSettings } from '../../connectors/kit/contract.ts';
import { wallClock } from '../../connectors/kit/resilience/clock.ts';

/** The port of both, on this machine. */
export type SourceOrder = { readonly port: number };

export type SourceReport = {
  readonly atMs: number;
  /** Resident, of this process. */
  readonly rssMb: number;
  /** Over TCP. */
  readonly connections: number;
  /** Durable since the beginning. */
  readonly batches: number;
  /** Since the report before; each reason once a minute. */
  readonly turnedAway: readonly string[];
};

/** A durable write that is not far away; the store itself is bench/push.ts's. */
const WRITE_MS = 5;
/** More than a manifest may ask for (10,000), so that ten thousand silent ones leave room for the honest ones. */
const CONNECTIONS = 12_000;
const REPORT_MS = 250;

const { port } = JSON.parse(process.argv[2] ?? '') as SourceOrder;
let [batches, turnedAway]: [number, string[]] = [0, []];
const kind = toSocketKind({
  codecs: {
    documents: new Map(),
    tables: new Map(),
    books: new Map(),
    frames: new Map([[sl651Codec.name, sl651Codec]]),
  },
  clock: wallClock,
  onTurnedAway: (_place, _peer, words) => turnedAway.push(words),
});
for (const proto of ['tcp', 'udp'] as const) {
  const source = await kind.open(toSettings(proto));
  await source.listen(async () => {
    await new Promise((resolve) => setTimeout(resolve, WRITE_MS));
    batches += 1;
  });
}
process.on('disconnect', () => process.exit(0));
report();
setInterval(report, REPORT_MS);

/** As the unit hydrology has it, without its password: strangers may then send the most. */
function toSettings(proto: 'tcp' | 'udp'): SourceSettings {
  return {
    ...{ unit: 'hydrology', name: `telemetry-${proto}`, url: '', zone: 'Asia/Shanghai', columnCase: 'exact' },
    ...{ inFlight: 2, timeoutMs: 5000, pageRows: 1000, rate: null, fileBytes: 1 },
    peers: { connections: CONNECTIONS, frameBytes: 4096 },
    options: { codec: 'sl651', listen: { port, proto } },
    objects: [
      { name: 'report', options: { message: ['31', '32', '33'] } },
      { name: 'keepalive', options: { message: ['2F'], use: 'heartbeat' } },
    ],
  };
}

function report(): void {
  const connections = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  const rssMb = process.memoryUsage.rss() / 2 ** 20;
  process.send?.({ atMs: performance.now(), rssMb, connections, batches, turnedAway } satisfies SourceReport);
  turnedAway = [];
}
