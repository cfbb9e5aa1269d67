// All rules that judge a manifest by itself, by subject. Called by parse-manifest.ts.
import type { Draft } from '../draft.ts';
import type { Finding } from '../path.ts';
import { BOUND_RULES } from './bounds.ts';
import { CODE_RULES } from './codes.ts';
import { CONST_RULES } from './consts.ts';
import { FIELD_RULES } from './fields.ts';
import { FORM_RULES } from './forms.ts';
import { KEY_RULES } from './keys.ts';
import { LINK_RULES } from './links.ts';
import { NAME_RULES } from './names.ts';
import { OBJECT_RULES } from './objects.ts';
import { POLICY_RULES } from './policy.ts';
import { REQUEST_RULES } from './requests.ts';
import { type Rule, type RuleOptions, toDistinct } from './rule.ts';
import { SOURCE_RULES } from './sources.ts';
import { SYNC_RULES } from './sync.ts';
import { TIME_RULES } from './time.ts';

const RULES: readonly Rule[] = [
  ...NAME_RULES,
  ...SOURCE_RULES,
  ...OBJECT_RULES,
  ...REQUEST_RULES,
  ...CODE_RULES,
  ...FORM_RULES,
  ...FIELD_RULES,
  ...CONST_RULES,
  ...KEY_RULES,
  ...LINK_RULES,
  ...TIME_RULES,
  ...SYNC_RULES,
  ...BOUND_RULES,
  ...POLICY_RULES,
];

/** Every finding of every rule; pieces that are faulty in shape are passed over. */
export function lintDraft(draft: Draft, options: RuleOptions): Finding[] {
  return toDistinct(RULES.flatMap((rule) => rule(draft, options)));
}
