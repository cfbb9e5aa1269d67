// `npm start`: the whole hub on one machine. Starts the store, the sandbox city, the worker and the gateway as
// processes, shows each step with its time and the first sync as a bar, and stops them in the reverse order.
import { access, constants, mkdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Revival } from '../../postgres/keep-running.ts';
import { findFreePort, isPortFree } from '../../postgres/ports.ts';
import { HubError } from '../../schema/errors.ts';
import { type Config, PROJECT } from '../config.ts';
import { closeAtEnd } from '../lifetime.ts';
import type { ChildMessage } from '../messages.ts';
import { type Child, type ChildOptions, openChild } from '../start/child.ts';
import { type FirstLoadBar, toFirstLoadBar } from '../start/first-load-bar.ts';
import { checkDatabase, openHubDatabase } from '../start/hub-database.ts';
import { type Openings, toOpenings } from '../start/openings.ts';
import { forgetSandboxSecrets, keepSandboxSecrets } from '../start/sandbox-secrets.ts';
import { toSandboxTargets } from '../start/sandbox-targets.ts';
import { toSteps } from '../start/steps.ts';

/** `.ts` in a checkout, `.js` in a built tree: children run the same form as their parent. */
const FORM = extname(fileURLToPath(import.meta.url));

/** The sandbox city's systems: each a process of its own, the first choice of its port, and how people call it. */
const SYSTEMS = [
  { name: 'hydrology', port: 15_432, zh: '水文系统', en: 'hydrology' },
  { name: 'weather', port: 15_480, zh: '气象系统', en: 'weather' },
  { name: 'forestry', port: 15_490, zh: '林业系统', en: 'forestry' },
  { name: 'water', port: 15_434, zh: '水利系统', en: 'water' },
  { name: 'traffic-police', port: 15_500, zh: '交警系统', en: 'traffic police' },
  { name: 'public-security', port: 15_436, zh: '公安接处警系统', en: 'public security' },
  { name: 'natural-resources', port: 15_510, zh: '自然资源系统', en: 'natural resources' },
  { name: 'education', port: 15_520, zh: '教育系统', en: 'education' },
  { name: 'urban-management', port: 15_438, zh: '智慧城管系统', en: 'urban management' },
  { name: 'transport', port: 15_440, zh: '交通运输系统', en: 'transport' },
  { name: 'housing', port: 15_530, zh: '住建系统', en: 'housing' },
  { name: 'fire-rescue', port: 15_550, zh: '消防系统', en: 'fire rescue' },
  // Of datagrams, and the hub's own: the system sends to it.
  { name: 'maritime', port: 15_570, zh: '海事系统', en: 'maritime' },
  // Its unit waits (connectors/units/waiting.yaml): it joins by `hub register connectors/units/ecology`.
  { name: 'ecology', port: 15_540, zh: '生态环境系统', en: 'ecology, waits for `hub register`' },
] as const;

/** Longer than all children and PostgreSQL may take one after the other: what hangs is killed by then. */
const CLOSE_LIMIT_MS = 120_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** Runs until it is told to stop. Rejects, with everything stopped again, when a step fails. */
export async function runStart(config: Config, environment: Environment): Promise<void> {
  const openings = toOpenings();
  const steps = toSteps((line) => process.stdout.write(`${line}\n`), openings.signal);
  // Before anything is started: Ctrl-C may come at any moment.
  closeAtEnd(async () => {
    steps.line('\n  正在停止… Stopping…');
    await openings.closeAll();
    steps.line('  已停止 Stopped');
  }, CLOSE_LIMIT_MS);
  steps.line('\n  一张网 One Network\n');
  try {
    await startAll(config, environment, steps, openings);
  } catch (error) {
    // Stopped on the way: that is no fault, and closing is under way.
    if (openings.signal.aborted) return;
    await openings.closeAll();
    throw error;
  }
}

async function startAll(
  config: Config,
  environment: Environment,
  steps: ReturnType<typeof toSteps>,
  openings: Openings,
) {
  const port = await choosePort(config);
  const logs = join(config.dataDir, 'log');
  await openDataFolder(config.dataDir, logs);
  const databaseUrl = await openDatabase(config, steps, openings);
  const shared = { ...environment, HUB_DATABASE_URL: databaseUrl };

  const open = async (
    name: string,
    args: readonly string[],
    extra: Environment,
    onMessage: (message: ChildMessage) => void,
  ): Promise<Child> => {
    const options: ChildOptions = {
      name,
      args: [...process.execArgv, ...args],
      environment: { ...shared, ...extra },
      logFile: join(logs, `${name}.log`),
      signal: openings.signal,
      onMessage,
      onDeath: ({ reason, gaveUp }) =>
        steps.line(
          `  ! ${name}: ${reason}; ${gaveUp ? '不再重启 left stopped, see its log' : '重新启动 starting again'} (${join(logs, `${name}.log`)})`,
        ),
    };
    return openings.open(
      () => openChild(options),
      (child) => child.stop(),
    );
  };

  const secrets = config.sandbox ? await openSandbox(config, steps, open) : {};
  await openings.open(
    () => keepSandboxSecrets(config.dataDir, secrets),
    () => forgetSandboxSecrets(config.dataDir),
  );
  const load = toFirstLoad(steps);
  const targets = [...config.privateTargets, ...toSandboxTargets(secrets)];
  // Nobody else is opened to it: the worker alone asks the departments.
  const forWorker = { ...secrets, ...(targets.length === 0 ? {} : { HUB_PRIVATE_TARGETS: targets.join() }) };
  const worker = await steps.run(
    '同步进程',
    'Worker',
    () => open('worker', [join(PROJECT, `cli/hub${FORM}`), 'worker'], forWorker, load.onMessage),
    (child) => child.ready.note ?? '',
  );
  const gateway = await steps.run(
    '网关',
    'Gateway',
    () =>
      open('gateway', [join(PROJECT, `cli/hub${FORM}`), 'gateway'], { PORT: String(port) }, () => undefined),
    (child) => child.ready.url ?? '',
  );
  load.begin(worker.ready.feeds ?? []);
  await load.ended;
  steps.line(toFarewell(gateway.ready.url ?? '', steps.elapsed(), logs));
}

async function openDataFolder(folder: string, logs: string): Promise<void> {
  try {
    await mkdir(logs, { recursive: true, mode: 0o700 });
    await access(logs, constants.W_OK);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new HubError(
      'HUB_CONFIG_INVALID',
      `数据目录不可用 The data folder ${folder} cannot be used (${code}); make it writable, or set HUB_DATA_DIR to another one.`,
      { cause: error },
    );
  }
}

async function openDatabase(
  config: Config,
  steps: ReturnType<typeof toSteps>,
  openings: Openings,
): Promise<string> {
  if (config.databaseUrl !== null) {
    const url = config.databaseUrl;
    return steps.run(
      '数据库',
      'PostgreSQL',
      async () => {
        await checkDatabase(url);
        return url;
      },
      () => `HUB_DATABASE_URL ${new URL(url).host}`,
    );
  }
  const database = await steps.run(
    '数据库',
    'PostgreSQL',
    () =>
      openings.open(
        () => openHubDatabase(config.dataDir, (revival) => steps.line(toRevivalLine(revival))),
        (opened) => opened.close(),
      ),
    ({ server }) => `127.0.0.1:${server.port}${server.adopted ? ' (接管 adopted)' : ''}`,
  );
  return database.url;
}

function toRevivalLine(revival: Revival): string {
  if (revival.revived) return '  ! PostgreSQL: 意外停止，已重新启动 died and was started again';
  return `  ! PostgreSQL: 意外停止，仍在尝试重启 died and cannot be started yet: ${revival.reason}`;
}

async function openSandbox(
  config: Config,
  steps: ReturnType<typeof toSteps>,
  open: (
    name: string,
    args: readonly string[],
    extra: Environment,
    onMessage: (message: ChildMessage) => void,
  ) => Promise<Child>,
): Promise<Environment> {
  const started = SYSTEMS.map(async ({ name, port, zh, en }) => {
    const extra = { SANDBOX_FOLDER: join(config.dataDir, 'sandbox', name), SANDBOX_PORT: String(port) };
    const main = join(PROJECT, `sandbox/${name}/main${FORM}`);
    const child = await steps.run(
      `沙盒：${zh}`,
      `Sandbox: ${en}`,
      () => open(`sandbox-${name}`, [main], extra, () => undefined),
      (child) => child.ready.note ?? '',
    );
    return child.ready.secrets ?? {};
  });
  // All of them are waited for, also when one fails: what is still starting could not be stopped.
  const ends = await Promise.allSettled(started);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return Object.assign({}, ...ends.map((end) => (end.status === 'fulfilled' ? end.value : {})));
}

/** Asked for by name: that port or a clear message. Not asked for: the next free one. */
async function choosePort(config: Config): Promise<number> {
  if (await isPortFree(config.port, config.host)) return config.port;
  const free = config.portIsDefault ? await findFreePort(config.port + 1) : null;
  if (free !== null) return free;
  throw new HubError(
    'HUB_CONFIG_PORT_TAKEN',
    `端口 ${config.port} 已被占用 Port ${config.port} is in use by another process. Set PORT to a free one, or stop that process.`,
  );
}

function toFirstLoad(steps: ReturnType<typeof toSteps>) {
  let bar: FirstLoadBar | undefined;
  let finish: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let began: number | undefined;
  // Until the bar is there, a feed's newest message is all that matters of it.
  const early = new Map<string, ChildMessage>();
  const onMessage = (message: ChildMessage) => {
    if (message.type === 'progress') began ??= Date.now();
    if (bar === undefined) early.set(message.type === 'progress' ? message.feed : message.type, message);
    else if (message.type === 'progress') bar.show(message);
    else if (message.type === 'loaded') {
      bar.end();
      const failed =
        message.failed.length === 0
          ? ''
          : `  未完成，将自动重试 not complete, retried by itself: ${message.failed.join(', ')}`;
      steps.line(`  ✓ ${steps.elapsed().padStart(7)}  首次同步 First sync  ${message.rows} rows${failed}`);
      finish();
    }
  };
  return {
    ended,
    onMessage,
    begin(feeds: readonly string[]) {
      bar = toFirstLoadBar(feeds, process.stdout, Date.now, began);
      for (const message of early.values()) onMessage(message);
    },
  };
}

function toFarewell(url: string, elapsed: string, logs: string): string {
  const query =
    '{ divisions(level: COUNTY) { name hydroStations(first: 3) { nodes { name latestRiver { stage observedAt } source { freshness } } } } }';
  return [
    `\n  就绪，用时 Ready in ${elapsed}\n`,
    `  GraphQL    ${url}/graphql`,
    `  页面 Page   ${url}/`,
    `  健康 Health ${url}/health/ready`,
    `  日志 Logs   ${logs}`,
    '  接入 Join   npm run hub -- register connectors/units/ecology\n',
    '  试一试 Try:',
    `  curl -s ${url}/graphql -H 'content-type: application/json' -d '${JSON.stringify({ query })}'\n`,
    '  Ctrl-C 停止 to stop\n',
  ].join('\n');
}
