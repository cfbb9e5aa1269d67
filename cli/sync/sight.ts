// What `hub sync` sees of one feed, from whichever process its run is in, and how it says so. Pure.
import type { Feed } from '../../jobs/plan/feed.ts';
import { toPace } from '../../jobs/sync/progress.ts';
import type { LastRun } from '../../store/operate/contract.ts';

/** `passed`: nothing was read, because nothing lay there or because it cannot be asked for. */
export type SightState = 'waiting' | 'running' | 'succeeded' | 'failed' | 'stopped' | 'busy' | 'passed';

export type Sight = {
  readonly feed: string;
  readonly state: SightState;
  readonly run: string | null;
  readonly read: number;
  readonly written: number;
  readonly setAside: number;
  readonly rowsPerSecond: number;
  /** 0…1; null while nothing tells how much there is. */
  readonly position: number | null;
  /** UTC; null when nothing tells, and when it is over. */
  readonly estimatedEndAt: string | null;
  readonly code: string | null;
  /** For people. */
  readonly note: string | null;
};

/** Shows the sights of all feeds as they are now. */
export type Look = (sights: readonly Sight[]) => void;

export function toWaiting(feed: string, note: string | null = null): Sight {
  return {
    ...{ feed, state: 'waiting', run: null, read: 0, written: 0, setAside: 0, rowsPerSecond: 0 },
    ...{ position: null, estimatedEndAt: null, code: null, note },
  };
}

const RUN_STATES = {
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  STOPPED: 'stopped',
} as const satisfies { readonly [state in LastRun['state']]: SightState };

export function toSightOfRun(feed: string, run: LastRun, now: number): Sight {
  const { id, read, written, setAside, position, errorCode } = run;
  const ended = run.endedAt === null ? null : Date.parse(run.endedAt);
  const paced = { read, position, startedMs: Date.parse(run.startedAt), startedAt: 0 };
  const { ratePerSecond, estimatedEndMs } = toPace(paced, ended ?? now);
  return {
    ...toWaiting(feed),
    ...{ state: RUN_STATES[run.state], run: id, read, written, setAside, code: errorCode },
    rowsPerSecond: ratePerSecond,
    position: run.state === 'SUCCEEDED' ? 1 : position,
    estimatedEndAt: ended !== null || estimatedEndMs === null ? null : new Date(estimatedEndMs).toISOString(),
  };
}

/** Why a feed is not run when somebody asks for it; null where it is. */
export function toHindrance({ unsupported, asks }: Feed): string | null {
  if (unsupported !== null) return unsupported;
  return asks === 'batches' ? '由来源推送 its source sends by itself' : null;
}

export function isOver({ state }: Sight): boolean {
  return state !== 'waiting' && state !== 'running';
}

const WORDS: { readonly [state in SightState]: string } = {
  waiting: '排队 waiting',
  running: '同步中 running',
  succeeded: '完成 done',
  failed: '失败 failed',
  stopped: '已中止 stopped',
  busy: '占用中 held by another process',
  passed: '无新内容 nothing to read',
};

/** The facts of a feed behind its name or its bar. */
export function toFacts({ state, read, written, setAside, rowsPerSecond, ...more }: Sight): string {
  const { position, estimatedEndAt, code, note } = more;
  return [
    WORDS[state],
    `读 read ${read}`,
    `写 written ${written}`,
    `搁置 set aside ${setAside}`,
    `${rowsPerSecond} 行/秒 rows/s`,
    ...(state === 'running' && position !== null ? [`${Math.floor(position * 100)}%`] : []),
    ...(estimatedEndAt === null ? [] : [`预计结束 ends about ${estimatedEndAt.slice(0, 19)}Z`]),
    ...(code === null ? [] : [code]),
    ...(note === null ? [] : [note]),
  ].join('  ');
}
