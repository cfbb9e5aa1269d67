// A hub of one unit (tide) as processes, with a loop of questions over it, and a second department (harbour) that wants to join:
// files in a folder, whose place is a secret that the running worker does not have yet.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type pg from 'pg';
import { parseConfig } from '../../cli/config.ts';
import { withOperator } from '../../cli/open-operator.ts';
import { registerUnit } from '../../cli/register/register-unit.ts';
import type { RegisterReport } from '../../cli/register/report.ts';
import { openUnitFolder, runConnectorBuild } from '../../connectors/kit/manifest/unit-folder.ts';
import { type CommandEnd, untilEnd } from '../support/command-end.ts';
import { openTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { toHubArguments } from '../support/program.ts';
import { TIDE_MANIFEST } from '../support/tide-unit.ts';
import { askGraphql } from './ask.ts';
import { type Close, closeAll, openWorld } from './close-all.ts';
import { type HubProcess, openHubProcess } from './open-hub-process.ts';
import { openPlainPool } from './open-legacy.ts';

/** A person's name, which no report may show. */
export const MASTER = '王小明';

export const HARBOUR_MANIFEST = `manifest: 1
unit: harbour
name: { zh: 港口, en: Harbour }
owner: { contact: 值班, phone: { secret: HARBOUR_PHONE } }
zone: Asia/Shanghai
sources:
  drop:
    kind: file
    url: { secret: HARBOUR_FOLDER }
    codec: csv
    encoding: utf-8
    stable: PT1S
    objects:
      berths: { files: "berths*.csv", header: { rows: [1] } }
types:
  Berth:
    zh: 泊位
    en: Berth
    role: thing
    from: [{ source: drop, object: berths }]
    key: [code]
    sync: { strategy: snapshot }
    deletes: { by: absence }
    freshness: { promise: P1D }
    division: [{ code: county }]
    fields:
      code: { zh: 编码, en: Code, text: code }
      name: { zh: 名称, en: Name, text: name }
      gaugeCode: { zh: 潮位站编码, en: Gauge code, text: gauge }
      master: { zh: 负责人, en: Master, text: master, class: personal, mask: name }
    links:
      gauge: { zh: 潮位站, en: Gauge, to: tide.TideGauge, on: { gaugeCode: code } }
policy: { default: public, minGroup: 5, purposes: [incident-response] }
`;

const BERTHS = `code,name,county,gauge,master,length
B1,一号泊位,431102,G1,${MASTER},120
B2,二号泊位,431102,G2,${MASTER},90
B3,三号泊位,431103,G3,${MASTER},60
`;

export type RegisterWorld = {
  readonly home: string;
  readonly gateway: HubProcess;
  readonly url: string;
  /** Of the folder in which berths are left. */
  readonly dropFolder: string;
  query<Row extends pg.QueryResultRow>(text: string): Promise<Row[]>;
  /** Writes a unit's folder with its lock; answers its path. */
  writeUnit(unit: string, manifest: string): Promise<string>;
  /** What `hub register` does, in this process. */
  register(folder: string, options?: { readonly dryRun?: boolean }): Promise<RegisterReport>;
  hub(...words: string[]): Promise<CommandEnd>;
  open(command: 'gateway' | 'worker', more?: Readonly<Record<string, string>>): HubProcess;
  /** Gives the worker that runs the secret of the harbour's folder. */
  giveSecret(): Promise<void>;
  /** Ends the loop: how many questions were asked, and what was wrong with any. */
  endLoop(): Promise<{
    readonly asked: number;
    readonly faults: readonly string[];
    readonly longestMs: number;
  }>;
  close(): Promise<void>;
};

export function openRegisterWorld(): Promise<RegisterWorld> {
  return openWorld(openParts);
}

async function openParts(opened: Close[]): Promise<RegisterWorld> {
  const database = await openTestDatabase();
  opened.push(database.close);
  const pool = openPlainPool(database.url, 2);
  opened.push(() => pool.end());
  await pool.query(
    `create table gauge (id text primary key, addvcd text);
     insert into gauge select 'G' || n, '431102' from generate_series(1, 30) n`,
  );
  const home = await mkdtemp(join(tmpdir(), 'hub-register-'));
  opened.push(() => rm(home, { recursive: true, force: true }));
  const [units, secrets, dropFolder] = [join(home, 'units'), join(home, 'secrets'), join(home, 'drop')];
  for (const folder of [units, secrets, dropFolder]) await mkdir(folder, { mode: 0o755 });
  const berths = join(dropFolder, 'berths.csv');
  await writeFile(berths, BERTHS);
  const old = new Date(Date.now() - 60_000);
  await utimes(berths, old, old);
  const writeUnit = async (unit: string, manifest: string, into = join(home, 'offered')) => {
    const folder = join(into, unit);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'unit.yaml'), manifest);
    await runConnectorBuild(folder);
    return folder;
  };
  await writeUnit('tide', TIDE_MANIFEST, units);
  const environment = {
    ...{ HUB_DATABASE_URL: database.url, HUB_DATA_DIR: home, HUB_UNITS_DIR: units },
    ...{ HUB_SECRETS_DIR: secrets, TIDE_URL: database.url },
  };
  const open: RegisterWorld['open'] = (command, more = {}) => {
    const child = openHubProcess(command, { ...environment, ...more });
    opened.push(async () => {
      child.kill('SIGKILL');
      await child.ended;
    });
    return child;
  };
  const [gateway, worker] = [open('gateway'), open('worker')];
  const [url] = await Promise.all([gateway.ready, worker.ready]);
  await eventually(async () => (await askGraphql(url, TIDE)).errors.length === 0, { what: 'the tide' });
  const loop = openLoop(url);
  opened.push(loop.end);
  return {
    ...{ home, gateway, url, dropFolder, open, writeUnit },
    query: async (text) => (await pool.query(text)).rows,
    register: (folder, { dryRun = false } = {}) =>
      withOperator(
        parseConfig(environment),
        async (operator) =>
          registerUnit(operator, await openUnitFolder(folder), {
            ...{ dryRun, accept: [], by: 'a test', signal: new AbortController().signal },
          }),
        { looks: false },
      ),
    hub: (...words) => untilEnd(startCommand(words, environment)),
    giveSecret: () => writeFile(join(secrets, 'HARBOUR_FOLDER'), `${pathToFileURL(dropFolder).href}\n`),
    endLoop: loop.end,
    close: () => closeAll(opened),
  };
}

export const TIDE = '{ tideGauges(first: 5) { totalCount nodes { id code division { name } } } }';

/** Two clients, one question after the other, for as long as the world stands. */
function openLoop(url: string) {
  const faults: string[] = [];
  let asked = 0;
  let longestMs = 0;
  let isOn = true;
  const client = async (): Promise<void> => {
    while (isOn) {
      const begun = performance.now();
      const answer = await askGraphql<{ tideGauges: { totalCount: number } }>(url, TIDE).catch(String);
      asked += 1;
      longestMs = Math.max(longestMs, performance.now() - begun);
      if (typeof answer === 'string') faults.push(answer);
      else if (answer.status !== 200 || answer.errors.length > 0 || answer.data.tideGauges.totalCount !== 30)
        faults.push(answer.text);
    }
  };
  const clients = Array.from({ length: 2 }, client);
  return {
    end: async () => {
      isOn = false;
      await Promise.all(clients);
      return { asked, faults, longestMs };
    },
  };
}

function startCommand(words: readonly string[], environment: Readonly<Record<string, string>>): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  return spawn(process.execPath, toHubArguments(...words), {
    env: { PATH, HOME, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
