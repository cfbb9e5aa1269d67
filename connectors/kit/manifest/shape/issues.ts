// zod's issues → findings of a manifest: one per key, in words that name the fix, never a value that could be secret.
import type { z } from 'zod';
import { FAULTS, type FaultId } from '../faults.ts';
import { atKey, atValue, type Finding, type Path } from '../path.ts';
import { toHint } from './suggest.ts';

type Issue = z.core.$ZodIssue;
export type Judged<Value> = { readonly data: Value | null; readonly findings: readonly Finding[] };

/** Judges a piece of a manifest. `data` is null when it has any fault. */
export function judge<Value>(schema: z.ZodType<Value>, value: unknown, path: Path): Judged<Value> {
  const result = schema.safeParse(value, { error: toMessage });
  if (result.success) return { data: result.data, findings: [] };
  return { data: null, findings: result.error.issues.flatMap((issue) => toFindings(issue, path)) };
}

function toFindings(issue: Issue, base: Path): Finding[] {
  const path: Path = [...base, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
  if (issue.code === 'unrecognized_keys') {
    const known = toKnownKeys(issue.message);
    return issue.keys.map((key) => atKey('M001', [...path, key], `unknown key${toHint(key, known)}`));
  }
  if (issue.code === 'invalid_key') {
    const [first] = issue.issues;
    return [toFinding(first?.message ?? 'is no lawful name', path, 'key')];
  }
  if (issue.code === 'invalid_union') {
    const branch = toNearestBranch(issue.errors);
    if (branch !== null) return branch.flatMap((inner) => toFindings(inner, path));
  }
  return [toFinding(issue.message, path, 'value')];
}

function toFinding(message: string, path: Path, at: 'key' | 'value'): Finding {
  const [, id, text] = /^(M\d{3}): (.*)$/s.exec(message) ?? [];
  const known: FaultId = id !== undefined && id in FAULTS ? (id as FaultId) : 'M001';
  return (at === 'key' ? atKey : atValue)(known, path, text ?? message);
}

/** Of a union's branches the one that was most likely meant: its own kind of value, fewest unknown keys, fewest faults. */
function toNearestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  let best: { readonly issues: readonly Issue[]; readonly cost: number } | null = null;
  for (const issues of branches) {
    const atRoot = issues.filter((issue) => issue.path.length === 0);
    if (atRoot.some((issue) => issue.code === 'invalid_type' || issue.code === 'invalid_value')) continue;
    const foreign = atRoot.some((issue) => issue.code === 'unrecognized_keys') ? 10 : 0;
    const cost = foreign + issues.length + issues.filter((issue) => issue.message === MISSING).length * 5;
    if (best === null || cost < best.cost) best = { issues, cost };
  }
  return best?.issues ?? null;
}

export const MISSING = 'is missing';

/** The message of each issue; for unknown keys it carries the known ones, so that `toFindings` can suggest. */
function toMessage(issue: z.core.$ZodRawIssue): string {
  if (issue.code === 'unrecognized_keys') return JSON.stringify(toShapeKeys(issue.inst));
  if (issue.input === undefined && issue.code !== 'custom') return MISSING;
  if (issue.code === 'invalid_type')
    return `must be ${toKindWord(issue.expected)}, but is ${toInputWord(issue.input)}`;
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    const hint = typeof issue.input === 'string' ? toHint(issue.input, values) : '';
    return `must be ${values.length === 1 ? '' : 'one of '}${values.join(', ')}${hint}`;
  }
  if (issue.code === 'too_small')
    return issue.origin === 'array'
      ? `must have at least ${issue.minimum} item(s)`
      : `must be at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`;
  if (issue.code === 'invalid_union') return 'is of none of the forms that may stand here';
  return 'does not have the form that is wanted here';
}

function toShapeKeys(inst: unknown): string[] {
  if (typeof inst !== 'object' || inst === null || !('shape' in inst)) return [];
  const { shape } = inst;
  return typeof shape === 'object' && shape !== null ? Object.keys(shape) : [];
}

function toKnownKeys(message: string): string[] {
  return message.startsWith('[') ? (JSON.parse(message) as string[]) : [];
}

const KIND_WORDS: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['tuple', 'a list of two'],
  ['object', 'a mapping'],
  ['record', 'a mapping'],
]);

function toKindWord(expected: string): string {
  return KIND_WORDS.get(expected) ?? expected;
}

function toInputWord(input: unknown): string {
  if (typeof input === 'number' && !Number.isFinite(input)) return String(input);
  if (input === null) return 'empty';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object') return 'a mapping';
  return KIND_WORDS.get(typeof input) ?? typeof input;
}
