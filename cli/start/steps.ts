// The steps of `hub start` as a person sees them: one line each, with its time. Chinese first, English second.
import { performance } from 'node:perf_hooks';

export type Steps = {
  /** Runs one step and prints its line when it ends; a failing step prints too and rejects, one that was given up only rejects. */
  run<Result>(
    zh: string,
    en: string,
    work: () => Promise<Result>,
    note?: (result: Result) => string,
  ): Promise<Result>;
  line(text: string): void;
  /** Seconds since the start. */
  elapsed(): string;
};

/** `signal`: aborted when the start is given up. What ends then has not failed. */
export function toSteps(print: (line: string) => void, signal: AbortSignal): Steps {
  const began = performance.now();
  const elapsed = () => toSeconds(performance.now() - began);
  return {
    line: print,
    elapsed,
    async run(zh, en, work, note) {
      const from = performance.now();
      try {
        const result = await work();
        const detail = note?.(result) ?? '';
        print(
          `  ✓ ${toSeconds(performance.now() - from).padStart(7)}  ${zh} · ${en}${detail === '' ? '' : `  ${detail}`}`,
        );
        return result;
      } catch (error) {
        if (!signal.aborted) print(`  ✗ ${toSeconds(performance.now() - from).padStart(7)}  ${zh} · ${en}`);
        throw error;
      }
    },
  };
}

function toSeconds(millis: number): string {
  return `${(millis / 1000).toFixed(1)} s`;
}
