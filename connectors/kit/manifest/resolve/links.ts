// A link's draft → Link: which alternatives make the target's key and which must be looked up. Called by type.ts.
import type { Draft } from '../draft.ts';
import type { Link, LinkOn } from '../model.ts';
import type { LinkWords } from '../shape/type.ts';
import { type Pairs, toAlternatives, toCoverage, toOwnTarget, toTarget } from './keys.ts';

export function toLink(name: string, words: LinkWords, draft: Draft, unit: string): Link | null {
  const on = toAlternatives(words).map((pairs) => toLinkOn(words, draft, pairs));
  if (on.includes(null)) return null;
  const toPlace = (to: string): { unit: string; type: string } => {
    const target = toTarget(to);
    return { unit: target.unit ?? unit, type: target.type };
  };
  return {
    name,
    label: { zh: words.zh, en: words.en },
    to: words.to === undefined ? null : toPlace(words.to),
    on: on.filter((one) => one !== null),
    inverse: words.inverse ?? null,
    one: words.one ?? false,
    current: words.current ?? null,
    onMissing: words.onMissing ?? 'keep',
    nearest:
      words.nearest === undefined
        ? null
        : { ...toPlace(words.nearest.to), maxMetres: words.nearest.maxMetres },
  };
}

function toLinkOn(words: LinkWords, draft: Draft, pairs: Pairs): LinkOn | null {
  const target = toOwnTarget(words, draft);
  // Into another unit only a key is lawful; lintUnits checks it and toJoinedUnits puts the pairs in its order.
  if (target === null)
    return { over: 'key', pairs: Object.entries(pairs).map(([own, its]) => ({ own, target: its })) };
  const covered = toCoverage(target, draft, pairs);
  return covered === null || covered === 'none' ? null : { over: covered.over, pairs: covered.pairs };
}
