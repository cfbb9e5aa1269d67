// The keys of a `request` to a SOAP service (manifest §3.4), and three that only services with their own mind need.
import { z } from 'zod';

/** A name as XML takes it without a prefix. */
const NAME = /^[\p{L}_][\p{L}\p{N}\p{M}._-]*$/u;

export const soapRequest = z.object({
  operation: z.string().regex(NAME),
  namespace: z.string().nullable().default(null),
  args: z.record(z.string(), z.unknown()).default({}).refine(hasNames),
  version: z.enum(['1.1', '1.2']).default('1.1'),
  /** The header SOAPAction; absent: namespace and operation. */
  action: z.string().nullable().default(null),
  /** The arguments stand in the namespace too (elementFormDefault="qualified", as .NET does it). */
  qualified: z.boolean().default(false),
});
export type SoapRequest = z.infer<typeof soapRequest>;

/** Whether every key, however deep, can be an element's name. */
function hasNames(args: unknown): boolean {
  if (Array.isArray(args)) return args.every(hasNames);
  if (typeof args !== 'object' || args === null || 'slot' in args || 'reveal' in args) return true;
  return Object.entries(args).every(([name, value]) => NAME.test(name) && hasNames(value));
}
