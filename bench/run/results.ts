// What was measured, kept as one file a workload, so that one of them can be measured again; the report is written from all.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { toPeerFile } from '../world/peer-files.ts';
import type { Profile } from './profile.ts';
import { toReport, type WorkloadResult } from './report.ts';

const FOLDER = toPeerFile('../results/');

export async function writeWorkload(result: WorkloadResult): Promise<void> {
  await write(`${result.workload}.json`, result);
}

export async function writeProfile(profile: Profile): Promise<void> {
  await write(`${profile.workload}.${profile.name}.profile.json`, profile);
}

/** bench/RESULTS.md, and where the notes of a person stand in it (bench/peers/costs.md) these too. */
export async function writeReport(): Promise<void> {
  const names = (await readdir(FOLDER)).sort();
  const read = async <T>(filter: (name: string) => boolean): Promise<readonly T[]> =>
    Promise.all(
      names
        .filter(filter)
        .map(async (name) => JSON.parse(await readFile(new URL(name, FOLDER), 'utf8')) as T),
    );
  const results = await read<WorkloadResult>((name) => !name.includes('.profile.'));
  const profiles = await read<Profile>((name) => name.includes('.profile.'));
  const notes = await readFile(toPeerFile('../NOTES.md'), 'utf8');
  await writeFile(toPeerFile('../RESULTS.md'), toReport(results, profiles, notes));
}

async function write(name: string, value: unknown): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(new URL(name, FOLDER), `${JSON.stringify(value, null, 1)}\n`);
}
