import { describe, expect, test } from '@jest/globals';
import type { RegisteredUnit } from '../../store/registry/contract.ts';
import { type FolderUnit, planStart } from './plan-start.ts';

const toKnown = (change: Partial<RegisteredUnit> = {}): RegisteredUnit => ({
  ...{ unit: 'tide', manifest: 'old', hash: 'old', state: 'REGISTERED', origin: 'FOLDER', version: 1 },
  ...{ at: '2026-11-27T08:00:00.000Z', by: 'somebody' },
  ...change,
});
const toFolder = (unit: string, text = 'new'): FolderUnit => {
  return { unit, text, hash: text, file: `units/${unit}/unit.yaml` };
};
const plan = (known: readonly RegisteredUnit[], folder: readonly FolderUnit[]) => {
  const { texts, entries, notes, away } = planStart({ generation: 1, units: known }, folder, 'a start');
  return {
    texts: texts.map(({ unit, text }) => `${unit} ${text}`),
    entries: entries.map(({ unit, manifest, origin }) => `${unit} ${manifest} ${origin}`),
    notes: notes.length,
    away,
  };
};

describe('a start', () => {
  test('registers what lies in its folder, and follows it when it changes', () => {
    const joined = { texts: ['tide new'], entries: ['tide new FOLDER'], notes: 0, away: [] };
    expect(plan([], [toFolder('tide')])).toEqual(joined);
    expect(plan([toKnown()], [toFolder('tide')])).toEqual(joined);
    expect(plan([toKnown()], [toFolder('tide', 'old')])).toMatchObject({ texts: ['tide old'], entries: [] });
  });

  test('leaves what a person has registered as that person left it, and says that the folder differs', () => {
    const kept = { texts: ['tide old'], entries: [], notes: 1, away: [] };
    expect(plan([toKnown({ origin: 'COMMAND' })], [toFolder('tide')])).toEqual(kept);
  });

  test('does not bring back what a person has taken out', () => {
    const out = { texts: [], entries: [], notes: 1, away: ['tide'] };
    expect(plan([toKnown({ state: 'UNREGISTERED' })], [toFolder('tide')])).toEqual(out);
  });

  test('keeps a unit whose folder is not on this machine', () => {
    expect(plan([toKnown()], [])).toEqual({ texts: ['tide old'], entries: [], notes: 0, away: [] });
  });

  test('grants names to what stands unchanged before what joins', () => {
    const seen = plan([toKnown({ unit: 'water' })], [toFolder('air'), toFolder('water', 'old')]);
    expect(seen.texts).toEqual(['water old', 'air new']);
  });
});
