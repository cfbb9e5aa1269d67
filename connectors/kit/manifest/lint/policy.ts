// Lint of the classes of data and what protects them (manifest §11).
import type { Draft, FieldDraft, TypeDraft } from '../draft.ts';
import { atKey, atValue, type Finding, type Path } from '../path.ts';
import { toGraphqlType } from '../resolve/readings.ts';
import type { Rule } from './rule.ts';

type Personal = { readonly path: Path; readonly field: FieldDraft };

/** Shown fields of class personal: their own class, their type's, or the policy's. */
function toPersonal(draft: Draft): Personal[] {
  return [...draft.types.values()].flatMap((type: TypeDraft) =>
    [...(type.fields ?? [])].flatMap(([name, field]) => {
      if (field === null || field.words.hidden === true) return [];
      const own = field.words.class ?? type.words?.class ?? draft.policy?.default;
      return own === 'personal' ? [{ field, path: [...type.path, 'fields', name] }] : [];
    }),
  );
}

const TEXT_MASKS: ReadonlySet<string> = new Set(['name', 'phone', 'idNumber', 'address']);
const TEXTS: ReadonlySet<string> = new Set(['String', 'PhoneNumber', 'IdNumber']);

/** M071 */
const masks: Rule = (draft) =>
  toPersonal(draft).flatMap(({ path, field }): Finding[] => {
    const { mask } = field.words;
    if (mask === undefined) return [atKey('M071', path, 'a personal field needs a mask')];
    const graphql = toGraphqlType(field, draft);
    if (graphql === null) return [];
    const wrong =
      mask === 'grid1km' ? graphql.name !== 'Point' : TEXT_MASKS.has(mask) && !TEXTS.has(graphql.name);
    return wrong ? [atValue('M071', [...path, 'mask'], `a ${graphql.name} cannot be masked as ${mask}`)] : [];
  });

/** M072, M073 */
const purposes: Rule = (draft) => {
  const { policy } = draft;
  if (policy === null || toPersonal(draft).length === 0) return [];
  const findings: Finding[] = [];
  if ((policy.purposes ?? []).length === 0)
    findings.push(
      atValue(
        'M072',
        ['policy', 'purposes'],
        'personal fields can be unmasked for no purpose; state purposes',
      ),
    );
  const least = policy.minGroup ?? 1;
  if (least < 5)
    findings.push(
      atValue(
        'M073',
        ['policy', 'minGroup'],
        `aggregates over personal data would show groups of ${least}; state 5 or more`,
      ),
    );
  return findings;
};

// M058. A mask hides a field, but a key stands open in ids, links and cursors; hidden fields too.
const openKeys: Rule = (draft) =>
  [...draft.types.values()].flatMap((type: TypeDraft): Finding[] =>
    (type.words?.key ?? []).flatMap((part, index) => {
      const field = type.fields?.get(part);
      if (field == null) return [];
      const own = field.words.class ?? type.words?.class ?? draft.policy?.default;
      return own === 'personal'
        ? [
            atValue(
              'M058',
              [...type.path, 'key', index],
              `${part} is personal, and ids and cursors show a key to everyone; choose a number that says nothing, or class it lower`,
            ),
          ]
        : [];
    }),
  );

export const POLICY_RULES: readonly Rule[] = [masks, purposes, openKeys];
