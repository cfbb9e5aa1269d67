// The shape of a code list (manifest §4): raw codes, bands, labels and units of each value.
import { z } from 'zod';
import { label, listName, optionalLabel, raws, text, valueName } from './words.ts';

const band = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low < high, 'must be [low, high) with low below high');

/** A value of a list; the labels are wanted unless the list maps onto a hub list. */
export const codeValue = z.strictObject({
  ...optionalLabel,
  from: raws.min(1).optional(),
  band: band.optional(),
  unit: text.optional(),
});
export const ownCodeValue = codeValue.extend(label);

export const codeListHead = z.strictObject({
  ...optionalLabel,
  ignoreCase: z.boolean().optional(),
  to: listName.optional(),
  other: valueName.optional(),
  values: z.record(z.string(), z.unknown()),
});
export const codeList = codeListHead.extend({ values: z.record(valueName, codeValue) });

export type CodeListWords = Omit<z.infer<typeof codeListHead>, 'values'>;
export type CodeValueWords = z.infer<typeof codeValue>;
