// `hub units`: which units take part, by whom and since when, and which process runs them. `hub unregister <unit>`: takes one
// out of the graph and of the workers; its tables stay, and `hub register` brings it back.
import type { HeldUnit, ProcessState, RegisteredUnit } from '../../store/registry/contract.ts';
import type { Config } from '../config.ts';
import { toStopSignal } from '../lifetime.ts';
import { toOwnName } from '../open-hub.ts';
import { toUnknown, withOperator } from '../open-operator.ts';
import { print } from '../print.ts';
import { toState } from '../register/register-unit.ts';
import { toProcessLines } from '../register/report-text.ts';
import { waitForProcesses } from '../register/wait-for-processes.ts';
import { toTable } from '../table.ts';

export async function runUnits(config: Config, { json = false }: { readonly json?: boolean }): Promise<void> {
  await withOperator(
    config,
    async ({ store }) => {
      const [{ generation, units }, processes] = await Promise.all([
        store.registry.read(),
        store.registry.processes(),
      ]);
      if (json) {
        const listed = units.map(({ manifest: _text, ...unit }) => unit);
        print(JSON.stringify({ generation, units: listed, processes }));
        return;
      }
      print(units.length === 0 ? '  还没有单位 No unit has joined yet.' : toUnitsText(units, processes));
    },
    { looks: false },
  );
}

function toUnitsText(units: readonly RegisteredUnit[], processes: readonly ProcessState[]): string {
  const heading = [
    '单位 unit',
    '状态 state',
    '版本 version',
    '清单 manifest',
    '登记 registered',
    '进程 processes',
  ];
  const rows = units.map((unit) => [
    unit.unit,
    unit.state === 'REGISTERED' ? '在用 takes part' : '已退出 taken out',
    String(unit.version),
    unit.hash.slice(0, 12),
    `${unit.at} ${unit.by}${unit.origin === 'FOLDER' ? ' (start)' : ''}`,
    toHolders(unit, processes),
  ]);
  const left = processes.flatMap((state) =>
    state.units.filter((held) => held.state === 'LEFT_OUT').map((held) => toLeftText(state, held)),
  );
  return [toTable([heading, ...rows]), ...left].join('\n');
}

function toHolders({ unit, hash }: RegisteredUnit, processes: readonly ProcessState[]): string {
  const count = (role: ProcessState['role']) => {
    const own = processes.filter((state) => state.role === role);
    const live = own.filter((state) =>
      state.units.some((held) => held.unit === unit && held.hash === hash && held.state === 'LIVE'),
    );
    return `${live.length}/${own.length}`;
  };
  return `网关 gateways ${count('GATEWAY')}, 同步 workers ${count('WORKER')}`;
}

function toLeftText({ id }: ProcessState, { unit, code, reason }: HeldUnit): string {
  return `  ✗ ${unit}  ${id.split(':').slice(0, 2).join(':')}  ${code}: ${reason}`;
}

export async function runUnregister(
  config: Config,
  name: string,
  { by = toOwnName() }: { readonly by?: string },
): Promise<void> {
  await withOperator(
    config,
    async ({ store: { registry } }) => {
      const { generation, known } = await takeOut(registry, name, by);
      print(`\n  退出 Unregister  ${name}  版本 version ${known.version}: 数据表保留 its tables stay\n`);
      const wanted = { unit: name, hash: null };
      const lines = await waitForProcesses({ registry, generation, wanted, signal: toStopSignal() });
      for (const line of toProcessLines(lines)) print(line);
      if (lines.length > 0 && toState(lines) !== 'LIVE' && lines.some(({ state }) => state !== 'DONE'))
        process.exitCode = 2;
    },
    { looks: false },
  );
}

type Registry = Parameters<typeof waitForProcesses>[0]['registry'];

// Once more where somebody else has changed something meanwhile.
async function takeOut(registry: Registry, name: string, by: string) {
  for (;;) {
    const { generation: expected, units } = await registry.read();
    const taking = units.filter(({ state }) => state === 'REGISTERED');
    const known = taking.find(({ unit }) => unit === name);
    if (known === undefined)
      throw toUnknown(
        `unit ${name}`,
        taking.map(({ unit }) => unit),
      );
    const { unit, manifest, hash, origin } = known;
    const entry = { unit, manifest, hash, origin, state: 'UNREGISTERED', by } as const;
    const generation = await registry.write([entry], { expected, now: new Date().toISOString() });
    if (generation !== null) return { generation, known };
  }
}
