// What a test starts as a process of its own: as the run has built it (test/runner/build-programs.ts), else from its source.
import { join } from 'node:path';

export type Program = { readonly file: string; readonly execArgv: readonly string[] };

/** `name`: its source, from the project's root (`cli/hub.ts`). */
export function toProgram(name: string): Program {
  const built = process.env.HUB_TEST_PROGRAMS;
  return built === undefined
    ? { file: join(import.meta.dirname, '../..', name), execArgv: ['--import', 'tsx'] }
    : { file: join(built, name.replace(/ts$/, 'js')), execArgv: [] };
}

/** Arguments of node for the hub's command line: `toHubArguments('sync', 'hydrology')`. */
export function toHubArguments(...words: readonly string[]): readonly string[] {
  const { file, execArgv } = toProgram('cli/hub.ts');
  return [...execArgv, file, ...words];
}
