// The keys of a `request` to a GraphQL service (manifest §3.4).
import { z } from 'zod';

/** A name of the GraphQL language (October 2021, §2.1.9). */
export const NAME = /^[_A-Za-z][_0-9A-Za-z]*$/;

export const graphqlRequest = z.object({
  root: z.string().regex(NAME),
  args: z.record(z.string(), z.unknown()).default({}).refine(hasNames),
});
export type GraphqlRequest = z.infer<typeof graphqlRequest>;

/** Whether every key, however deep, can be an argument's or an input field's name. */
function hasNames(args: unknown): boolean {
  if (Array.isArray(args)) return args.every(hasNames);
  if (typeof args !== 'object' || args === null || 'slot' in args || 'reveal' in args) return true;
  return Object.entries(args).every(([name, value]) => NAME.test(name) && hasNames(value));
}
