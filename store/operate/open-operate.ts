// The operator's side of the store, put together of its parts.
import type pg from 'pg';
import type { OperatorStore } from './contract.ts';
import { openDeleteParts } from './deletes.ts';
import { openRunParts } from './runs.ts';
import { openAsideParts } from './set-aside.ts';

export function openOperate(pool: pg.Pool, clock: () => number): OperatorStore {
  return { ...openAsideParts(pool, clock), ...openRunParts(pool), ...openDeleteParts(pool) };
}
