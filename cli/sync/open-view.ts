// Where `hub sync` shows its feeds: on a terminal a bar each, elsewhere a line each, once a second at most and at its end.
import { MultiBar } from 'cli-progress';
import { isOver, type Look, type Sight, toFacts } from './sight.ts';

export type View = { readonly look: Look; end(): void };

const EVERY_MS = 1000;

export function openView(feeds: readonly string[], output: NodeJS.WriteStream, clock: () => number): View {
  return output.isTTY === true ? openBars(feeds, output) : openLines(output, clock);
}

function openBars(feeds: readonly string[], output: NodeJS.WriteStream): View {
  const wide = Math.max(...feeds.map((feed) => feed.length));
  const all = new MultiBar({
    format: '  {feed} |{bar}|  {facts}',
    stream: output,
    hideCursor: true,
    barsize: 20,
    linewrap: false,
    // What Ctrl-C ends is the command's to say.
    gracefulExit: false,
  });
  const bars = new Map(
    feeds.map((feed) => [feed, all.create(1000, 0, { feed: feed.padEnd(wide), facts: '' })]),
  );
  return {
    look: (sights) => {
      for (const sight of sights)
        bars.get(sight.feed)?.update(Math.floor((sight.position ?? 0) * 1000), { facts: toFacts(sight) });
    },
    end: () => {
      all.update();
      all.stop();
    },
  };
}

function openLines(output: NodeJS.WriteStream, clock: () => number): View {
  const shown = new Map<string, { readonly text: string; readonly at: number }>();
  const show = (sight: Sight) => {
    const text = `  ${isOver(sight) ? MARKS[sight.state] : '…'} ${sight.feed}  ${toFacts(sight)}`;
    const before = shown.get(sight.feed);
    if (text === before?.text) return;
    const now = clock();
    if (before !== undefined && !isOver(sight) && now - before.at < EVERY_MS) return;
    shown.set(sight.feed, { text, at: now });
    output.write(`${text}\n`);
  };
  return {
    look: (sights) => {
      for (const sight of sights) show(sight);
    },
    end: () => undefined,
  };
}

const MARKS: { readonly [state in Sight['state']]: string } = {
  ...{ waiting: '…', running: '…', succeeded: '✓', passed: '✓' },
  ...{ failed: '✗', stopped: '!', busy: '!' },
};
