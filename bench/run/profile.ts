// Where the time of our own doors goes in a workload: one request in flight, so that the process waits exactly while
// somebody else works, and a profile of some seconds.
import type { Profiler } from 'node:inspector';
import type { Workload } from '../workloads/contract.ts';
import { BUCKETS, type Bucket, toShares, toTop } from './buckets.ts';
import { type ContenderName, openContenders } from './contenders.ts';
import { type Plan, runLoad, toBodies } from './measure.ts';
import { receive } from './processes.ts';

export type Profile = {
  readonly workload: string;
  readonly name: ContenderName;
  /** Of one answer. */
  readonly milliseconds: number;
  readonly parts: readonly { readonly bucket: Bucket; readonly milliseconds: number }[];
  /** Functions in which most of it was spent themselves. */
  readonly top: readonly { readonly place: string; readonly milliseconds: number }[];
};

const TOP = 12;

const OURS: readonly ContenderName[] = ['whole', 'stitched'];

/** One of each of our doors. */
export async function profileWorkload(
  database: string,
  workload: Workload,
  plan: Plan,
): Promise<readonly Profile[]> {
  const opened = await openContenders(database, workload, OURS);
  try {
    const profiles: Profile[] = [];
    for (const contender of opened.contenders) {
      const child = contender.processes[0]?.child;
      if (child === undefined) continue;
      const tellChild = async (word: string): Promise<unknown> => {
        const answer = receive(child, `the profile of ${contender.name}`, 60_000);
        child.send(word);
        return answer;
      };
      const bodies = toBodies(contender, workload, plan, 0);
      await runLoad(contender, bodies, { connections: 1, seconds: plan.warmUp, warmUp: 0 });
      await tellChild('begin');
      const shot = await runLoad(contender, bodies, { connections: 1, seconds: plan.seconds, warmUp: 0 });
      const profile = (await tellChild('end')) as Profiler.Profile;
      profiles.push(toProfile(workload.name, contender.name, profile, 1000 / shot.perSecond));
    }
    return profiles;
  } finally {
    await opened.close();
  }
}

function toProfile(
  workload: string,
  name: ContenderName,
  profile: Profiler.Profile,
  milliseconds: number,
): Profile {
  const shares = toShares(profile);
  const parts = BUCKETS.map((bucket) => ({ bucket, milliseconds: (shares.get(bucket) ?? 0) * milliseconds }));
  const top = toTop(profile, TOP).map(({ place, share }) => ({ place, milliseconds: share * milliseconds }));
  return { workload, name, milliseconds, parts, top };
}
