// From what the pieces said to what is published and told: gaps are counted as keys, piece by piece, never as a difference of
// two numbers, in which a lost row and one too many would cancel each other. Pure.
import type { BucketDigest } from '../../connectors/kit/contract.ts';
import type { UnitType } from '../../connectors/kit/manifest/model.ts';
import type { Counted, Finding, KnownPiece } from '../../store/reconcile/contract.ts';
import { toSides } from './judge-pieces.ts';
import type { PieceEnd } from './read-piece.ts';
import type { PieceFound, TypeFound } from './report.ts';

export type Compared = {
  readonly ends: readonly PieceEnd[];
  /** null: nobody counted, every record was looked at. */
  readonly counted: {
    readonly source: readonly BucketDigest[];
    readonly stored: readonly Counted[];
    readonly after: readonly Counted[];
    /** Days that were looked into; '' for the one piece. */
    readonly days: readonly string[];
    readonly known: readonly KnownPiece[];
  } | null;
};

export type Published = {
  readonly findings: readonly Finding[];
  readonly known: readonly KnownPiece[];
  readonly missing: number;
};

export function toPublished(
  types: readonly string[],
  own: readonly UnitType[],
  { counted }: Compared,
  found: readonly PieceFound[],
): Published {
  const fresh = types.flatMap((type) => (counted === null ? [] : toKnown(type, counted, found)));
  const days = new Set(counted?.days ?? []);
  const kept = (counted?.known ?? []).filter(({ bucket }) => !days.has(bucket));
  const findings = own.map(({ name }): Finding => {
    if (!types.includes(name)) return { type: name, gap: null, surplus: null };
    const its = found.filter(({ type }) => type === name);
    const before = kept.filter(({ type }) => type === name).map(({ surplus }) => surplus);
    return { type: name, gap: sum(its.map(({ gap }) => gap)), surplus: toSurplus(its, before) };
  });
  return { findings, known: [...kept, ...fresh], missing: sum(found.map(({ missing }) => missing)) };
}

// A day that lacks nothing any more and whose sides differ in number all the same: rows not ours, doubled keys, surplus.
function toKnown(
  type: string,
  { source, after, days }: NonNullable<Compared['counted']>,
  found: readonly PieceFound[],
): readonly KnownPiece[] {
  return days.flatMap((bucket) => {
    const its = found.filter(
      (one) => one.type === type && (bucket === '' || one.piece?.from.slice(0, 10) === bucket.slice(0, 10)),
    );
    const { state, same } = toSides(type, bucket, source, after);
    if (same || its.some(({ gap }) => gap > 0)) return [];
    return [{ type, bucket, state, surplus: sum(its.map(({ surplus }) => surplus ?? 0)) }];
  });
}

export function toTypesFound(
  own: readonly UnitType[],
  { counted }: Compared,
  found: readonly PieceFound[],
  dryRun: boolean,
): readonly TypeFound[] {
  return own.map(({ name, merge }) => {
    const its = found.filter(({ type }) => type === name);
    const missing = sum(its.map((one) => one.missing));
    const gap = sum(its.map((one) => one.gap));
    const known = (counted?.known ?? []).filter(
      ({ type, bucket }) => type === name && !counted?.days.includes(bucket),
    );
    const ours = counted?.after.filter(({ type }) => type === name) ?? [];
    const count = (of: Counted['of']) => sum(ours.filter((one) => one.of === of).map((one) => one.count));
    return {
      type: name,
      source: counted === null ? null : sum(counted.source.map((one) => one.count)),
      stored: counted === null ? null : count('stored'),
      aside: counted === null ? null : count('aside'),
      missing,
      differing: sum(its.map((one) => one.differing)),
      surplus: toSurplus(
        its,
        known.map(({ surplus }) => surplus),
      ),
      repaired: dryRun ? 0 : missing - gap,
      gap: merge === 'fields' ? null : gap,
      reason: merge === 'fields' ? 'several forms fill its rows in part' : null,
    };
  });
}

function toSurplus(its: readonly PieceFound[], before: readonly number[]): number | null {
  if (its.some(({ surplus }) => surplus === null)) return null;
  return sum([...its.map(({ surplus }) => surplus ?? 0), ...before]);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
