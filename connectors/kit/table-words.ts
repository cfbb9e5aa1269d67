// The manifest's words about a table (header, fillDown, stop) with their defaults, for every kind that reads tables: the keys
// of an object, already judged by the strict parser, become the `TableOptions` of a codec (codec.ts).
import { z } from 'zod';

export const TABLE_WORDS = {
  header: z
    .object({
      rows: z.array(z.int()),
      join: z.string().default('/'),
      columns: z.array(z.string()).nullable().default(null),
    })
    .default({ rows: [1], join: '/', columns: null }),
  fillDown: z.array(z.string()).default([]),
  stop: z
    .object({ column: z.string(), when: z.array(z.string()) })
    .nullable()
    .default(null),
} as const;
