// What `hub reconcile` says of a feed to people: a line a type, a line a piece that differed, and the keys that were missing.
import type { Feed } from '../../jobs/plan/feed.ts';
import { toHindrance } from '../../jobs/reconcile/comparing.ts';
import type { PieceFound, ReconcileReport, TypeFound } from '../../jobs/reconcile/report.ts';

const SHOWN_KEYS = 20;

const STATES: { readonly [state in ReconcileReport['state']]: string } = {
  succeeded: '已核对 compared',
  stopped: '已中止 stopped',
  busy: '占用中 held by another process',
  idle: '尚未载入 not loaded yet',
};

export function toReconcileText(report: ReconcileReport, dryRun: boolean): string {
  const { feed, state, from, through, types, pieces, milliseconds } = report;
  const span = from === null ? '' : `  ${from} … ${through}`;
  const note = dryRun ? '  只查不补 dry run' : '';
  return [
    `${feed}  ${STATES[state]}${span}  ${milliseconds} ms${note}`,
    ...types.flatMap((type) => [
      `  ${toTypeText(type)}`,
      ...pieces.filter((piece) => piece.type === type.type && differs(piece)).map(toPieceText),
      ...toKeyLines(pieces.filter((piece) => piece.type === type.type)),
    ]),
  ].join('\n');
}

export function toUnknownText(feed: Feed): string {
  return `${feed.name}  缺口未知 gap unknown: ${toHindrance(feed)}`;
}

function toTypeText(type: TypeFound): string {
  const all = [
    ['源 source', type.source],
    ['库 stored', type.stored],
    ['搁置 aside', type.aside],
    ['缺 missing', type.missing],
    ['不同 differing', type.differing],
    ['多余 surplus', type.surplus],
    ['已补 repaired', type.repaired],
    ['缺口 gap', type.gap],
  ] as const;
  const numbers = all.map(([word, number]) => `${word} ${number ?? '–'}`).join('  ');
  return `${type.type}  ${numbers}${type.reason === null ? '' : `  (${type.reason})`}`;
}

function differs({ missing, differing, surplus }: PieceFound): boolean {
  return missing > 0 || differing > 0 || (surplus ?? 0) > 0;
}

function toPieceText({ piece, source, missing, differing, surplus, gap }: PieceFound): string {
  const name = piece === null ? '全部 all' : `${piece.from} … ${piece.to}`;
  return `    ${name}  源 source ${source}  缺 missing ${missing}  不同 differing ${differing}  多余 surplus ${surplus ?? '–'}  缺口 gap ${gap}`;
}

function toKeyLines(pieces: readonly PieceFound[]): readonly string[] {
  const keys = pieces.flatMap(({ missingKeys }) => missingKeys);
  const more = keys.length - SHOWN_KEYS;
  const lines = keys.slice(0, SHOWN_KEYS).map((key) => `      ${key}`);
  return more > 0 ? [...lines, `      … 另有 and ${more} more (--json)`] : lines;
}
