// The workloads in the order of the report.
import { AGGREGATE } from './aggregate.ts';
import type { Workload } from './contract.ts';
import { DASHBOARD } from './dashboard.ts';
import { LIST } from './list.ts';
import { REMOTE } from './remote.ts';
import { STATION } from './station.ts';

export const WORKLOADS: readonly Workload[] = [DASHBOARD, STATION, LIST, AGGREGATE, REMOTE];

/** Throws where there is none of this name. */
export function toWorkload(name: string): Workload {
  const found = WORKLOADS.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new Error(`No workload "${name}": there are ${WORKLOADS.map((one) => one.name).join(', ')}.`);
}
