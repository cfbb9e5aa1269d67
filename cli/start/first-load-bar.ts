// The bar of the first sync: all feeds together, on a terminal as a bar, elsewhere as a line now and then.
import { SingleBar } from 'cli-progress';
import type { Progress } from '../messages.ts';

export type FirstLoadBar = { show(progress: Progress): void; end(): void };

/** `feeds`: all that will report; each counts the same. `began`: when the load did, which may be before the bar. */
export function toFirstLoadBar(
  feeds: readonly string[],
  output: NodeJS.WriteStream,
  clock: () => number,
  began = clock(),
): FirstLoadBar {
  const positions = new Map(feeds.map((feed) => [feed, 0]));
  const read = new Map<string, number>();
  const isTerminal = output.isTTY === true;
  const format =
    '  首次同步 First sync |{bar}| {percentage}%  {rows} 行 rows  {rate} rows/s  剩余 left {left}';
  const bar = new SingleBar({
    format,
    stream: output,
    hideCursor: true,
    clearOnComplete: false,
    barsize: 28,
  });
  let printed = -1;
  let ended = false;
  if (isTerminal) bar.start(100, 0, { rows: 0, rate: 0, left: '…' });

  const facts = () => {
    const share =
      [...positions.values()].reduce((sum, value) => sum + value, 0) / Math.max(1, positions.size);
    const rows = [...read.values()].reduce((sum, value) => sum + value, 0);
    const seconds = Math.max(0.001, (clock() - began) / 1000);
    const left = share > 0.02 ? `${Math.ceil((seconds / share) * (1 - share))} s` : '…';
    return { share, rows, rate: Math.round(rows / seconds), left };
  };
  const draw = () => {
    const { share, rows, rate, left } = facts();
    if (isTerminal) return bar.update(Math.round(share * 100), { rows, rate, left });
    const quarter = Math.floor(share * 4);
    if (quarter > printed)
      output.write(`    首次同步 First sync ${Math.round(share * 100)}%  ${rows} rows  ${rate} rows/s\n`);
    printed = Math.max(printed, quarter);
  };
  return {
    show(progress) {
      // Later runs tell of their progress too: the first load is over.
      if (ended) return;
      // A position only grows: a feed that is retried begins where it was.
      const position = progress.done ? 1 : (progress.position ?? 0);
      positions.set(progress.feed, Math.max(positions.get(progress.feed) ?? 0, position));
      read.set(progress.feed, Math.max(read.get(progress.feed) ?? 0, progress.read));
      draw();
    },
    end() {
      ended = true;
      if (isTerminal) bar.stop();
    },
  };
}
