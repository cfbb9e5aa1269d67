// The worker's side over Redis: each committed change is published once. What cannot be (Redis is away, the worker is
// killed) is not kept: listeners compare versions with the store.
import { Redis } from 'ioredis';
import { type Change, toChangeText } from '../../store/changes/contract.ts';
import type { Log } from '../log.ts';
import { toBackoff, toChannel } from './redis-channel.ts';

export type ChangePublisher = {
  /** Never throws and is not waited for. */
  publish(change: Change): void;
  close(): Promise<void>;
};

/** Connects by itself, as often as it must; a Redis that is away keeps nobody waiting. */
export function openPublisher(url: string, { log }: { readonly log: Pick<Log, 'warn'> }): ChangePublisher {
  const channel = toChannel(url);
  const redis = new Redis(url, {
    // A change that waited would come after the comparison that has made it good.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: toBackoff,
    connectionName: 'hub-changes-out',
    disconnectTimeout: 200,
  });
  let isAway = false;
  const note = () => {
    if (!isAway) log.warn({}, 'Redis is away: changes are not published, listeners catch up from the store');
    isAway = true;
  };
  redis.on('error', note);
  redis.on('ready', () => {
    isAway = false;
  });
  return {
    publish: (change) => {
      redis.publish(channel, toChangeText(change)).catch(note);
    },
    close: async () => {
      // QUIT lets what was published before go out; a Redis that is away answers nothing.
      if (redis.status === 'ready') await redis.quit().catch(() => undefined);
      redis.disconnect();
    },
  };
}
