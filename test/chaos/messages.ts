// What the test and its workers tell each other, and what a worker is given. Plain data.

import type { QueueAddress } from '../../jobs/queue/contract.ts';
import type { FeedKey } from '../../store/contract.ts';
import type { Mutant } from './mutants.ts';
import type { Point } from './points.ts';

/** The `count`th time that a worker comes to `point`, this happens to it. */
export type Blow = {
  readonly point: Point;
  /** Only there is it counted; null: anywhere. */
  readonly object: string | null;
  readonly count: number;
  readonly act: 'kill' | 'stop';
  /** `during`: how long after the commit began. */
  readonly afterMs: number;
};

export type WorkerTask = {
  readonly storeUrl: string;
  readonly sourceUrl: string;
  readonly queue: QueueAddress;
  readonly manifest: string;
  readonly clockOffsetMs: number;
  /** Where the department's stations send to. */
  readonly linePort: number;
  readonly holdMs: number;
  readonly lateEveryMs: number;
  readonly blow: Blow | null;
  readonly mutant: Mutant | null;
};

export type FromWorker =
  | { readonly type: 'ready' }
  /** It has come to its blow and asks whether it falls. */
  | { readonly type: 'blow'; readonly place: Pick<FeedKey, 'source' | 'object'> }
  /** It was stopped and goes on. */
  | { readonly type: 'woken' };
export type ToWorker = { readonly type: 'fall' } | { readonly type: 'spared' };
