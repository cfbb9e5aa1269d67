// A station that sends by itself: each report once, under a number of its own, and again until it is answered. What it has
// sent stands in the department's table `report`, which the hub is never shown.
import { type LineSender, openLineSender } from '../support/line-sender.ts';
import { openRandom } from './random.ts';
import type { Query } from './world.ts';

export type Telegraph = {
  send(): Promise<void>;
  /** Nothing is kept any more: every report was answered. */
  readonly isQuiet: () => boolean;
  close(): void;
};

export function openTelegraph(port: number, seed: number, legacy: Query): Telegraph {
  const random = openRandom(seed, 'telegraph');
  const sender: LineSender = openLineSender(() => port);
  let count = 0;
  return {
    isQuiet: sender.isQuiet,
    close: sender.close,
    send: async () => {
      count += 1;
      const [id, tm, z] = [count, new Date().toISOString(), `report ${random.whole(0, 99_999)}`];
      await legacy('insert into report (id, tm, z) values ($1, $2, $3)', [id, tm, z]);
      sender.send('report', { id: String(id), tm, z, rev: 1 });
    },
  };
}
