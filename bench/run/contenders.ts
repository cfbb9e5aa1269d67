// Who is measured: for each contender the processes that it is made of, opened anew for each workload. The first is the one
// whose answers the others' are compared with.
import type { Variables, Workload } from '../workloads/contract.ts';
import { end, type Started, startPeer, startServer } from './processes.ts';

export type ContenderName =
  | 'raw'
  | 'whole'
  | 'stitched'
  | 'hand-written'
  | 'hive'
  | 'apollo'
  | 'postgraphile';

export type Contender = {
  readonly name: ContenderName;
  readonly url: string;
  /** What every answer has to contain: the door that it took; null where there are none. */
  readonly mustHave: string | null;
  /** All whose memory counts: with a federation gateway its subgraphs, without what is the same for all. */
  readonly processes: readonly Started[];
  toBody(variables: Variables): string;
};

export type Opened = {
  readonly contenders: readonly Contender[];
  /** How many requests the remote services have had so far; null where there are none. */
  readonly countRequests: (() => Promise<number>) | null;
  close(): Promise<void>;
};

type Start = (started: Promise<Started>) => Promise<Started>;

/** `only`: names of the contenders, in whatever order; all of them unless given. Nothing is left open where one does not start. */
export async function openContenders(
  database: string,
  workload: Workload,
  only: readonly ContenderName[] | null,
): Promise<Opened> {
  const running: Started[] = [];
  const keep: Start = async (started) => {
    const one = await started;
    running.push(one);
    return one;
  };
  const close = async (): Promise<void> => {
    await Promise.all(running.map(end));
  };
  try {
    const services = workload.raw === null ? await keep(startPeer('remote-services', {}, 'anywhere')) : null;
    const open = services === null ? toStored(database, workload, keep) : toRemote(services, keep);
    const contenders: Contender[] = [];
    for (const [name, opening] of open) {
      if (only !== null && !only.includes(name)) continue;
      const { processes, mustHave = null } = await opening();
      const url = processes[0]?.told.url ?? '';
      contenders.push({ name, url, mustHave, processes, toBody: toBodies(name, workload) });
    }
    const countRequests = services === null ? null : () => readCount(services.told.url);
    return { contenders, countRequests, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Opening = readonly [
  ContenderName,
  () => Promise<{ readonly processes: readonly Started[]; readonly mustHave?: string }>,
];

/** Over the database. The first process is the one that is asked. */
function toStored(database: string, { name }: Workload, keep: Start): readonly Opening[] {
  const toGateway = (doors: string) => keep(startServer('gateway', [database, doors], 'measured'));
  const toFederated = async (peer: string) => {
    const subgraphs = await keep(startPeer('subgraphs', { database }, 'anywhere'));
    const order = { supergraph: 'supergraph.graphql', urls: subgraphs.told.urls };
    return { processes: [await keep(startPeer(peer, order, 'measured')), subgraphs] };
  };
  const toAlone = async (peer: string) => ({
    processes: [await keep(startPeer(peer, { database }, 'measured'))],
  });
  return [
    ['raw', async () => ({ processes: [await keep(startServer('raw', [database, name], 'measured'))] })],
    ['whole', async () => ({ processes: [await toGateway('BOTH')], mustHave: '"door":"WHOLE"' })],
    ['stitched', async () => ({ processes: [await toGateway('STITCHED')], mustHave: '"door":"STITCHED"' })],
    ['hand-written', () => toAlone('hand-written')],
    ['hive', () => toFederated('hive')],
    ['apollo', () => toFederated('apollo')],
    ['postgraphile', () => toAlone('postgraphile')],
  ];
}

/** Over the remote services. */
function toRemote({ told: { urls = {} } }: Started, keep: Start): readonly Opening[] {
  const toOwn = async (name: string) => ({
    processes: [await keep(startServer(name, [JSON.stringify(urls)], 'measured'))],
  });
  const toFederated = async (peer: string) => ({
    processes: [await keep(startPeer(peer, { supergraph: 'remote-supergraph.graphql', urls }, 'measured'))],
  });
  return [
    ['raw', () => toOwn('remote-raw')],
    ['stitched', async () => ({ ...(await toOwn('remote-gateway')), mustHave: '"door":"STITCHED"' })],
    ['hive', () => toFederated('hive')],
    ['apollo', () => toFederated('apollo')],
  ];
}

function toBodies(name: ContenderName, workload: Workload): Contender['toBody'] {
  if (name === 'raw') return (variables) => JSON.stringify(variables);
  const query = name === 'postgraphile' ? workload.postgraphile : workload.query;
  return (variables) => JSON.stringify({ query, variables });
}

async function readCount(url: string): Promise<number> {
  return Number(await (await fetch(new URL('/count', url))).text());
}
