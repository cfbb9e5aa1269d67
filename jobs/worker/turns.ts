// The runs of one unit in this process: one that waits for a place at its source hears when another has ended.

export type Turns = {
  /** Runs, and tells whoever waits when it has ended, unless it found everything taken and did nothing. */
  take<Report extends { readonly state: string }>(run: () => Promise<Report>): Promise<Report>;
  /** Resolves when the next run has ended. */
  next(): Promise<void>;
};

export function openTurns(): Turns {
  const waiting = new Set<() => void>();
  const tell = () => {
    const told = [...waiting];
    waiting.clear();
    for (const resolve of told) resolve();
  };
  return {
    async take(run) {
      try {
        const report = await run();
        // Two that wait would wake each other without end.
        if (report.state !== 'busy') tell();
        return report;
      } catch (error) {
        tell();
        throw error;
      }
    },
    next: () => new Promise((resolve) => waiting.add(resolve)),
  };
}
