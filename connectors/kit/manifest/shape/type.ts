// The shape of a type but for its fields (manifest §5, §6, §8–§10): head, forms, links, sync, deletes, division.
import { z } from 'zod';
import { columnName, columns, iso, label, literal, positive, raws, span, text } from './words.ts';

export const OPS = [
  'eq',
  'ne',
  'in',
  'notIn',
  'lt',
  'lte',
  'gt',
  'gte',
  'between',
  'isNull',
  'notNull',
  'startsWith',
] as const;

export const sync = z.strictObject({
  strategy: z.enum(['snapshot', 'window', 'cursor', 'push']),
  every: span.optional(),
  overlap: iso.optional(),
  late: iso.optional(),
  cursor: z.strictObject({ column: columnName, format: text.optional() }).optional(),
  scope: z.array(z.string().regex(/^@/, 'must be a capture such as "@county"')).min(1).optional(),
});

const condition = z.strictObject({
  column: columnName,
  op: z.enum(OPS),
  value: z
    .union([literal, z.array(literal)], { error: 'must be a literal or a list of literals' })
    .optional(),
});

const deleteBy = z.enum(['never', 'absence', 'column']);
export const deletes = z
  .strictObject({
    by: z.union([deleteBy, z.array(z.enum(['absence', 'column'])).min(1)], {
      error: 'must be never, absence, column or [absence, column]',
    }),
    maxPercent: z.number().min(0).max(100).optional(),
    column: columnName.optional(),
    when: raws.min(1).optional(),
  })
  .refine(
    (own) => ![own.by].flat().includes('column') || (own.column !== undefined && own.when !== undefined),
    {
      error: 'deletion by column needs `column` and `when`',
    },
  )
  .refine(
    (own) => [own.by].flat().includes('column') || (own.column === undefined && own.when === undefined),
    { error: '`column` and `when` are read only where `by` has column' },
  );

const way = z.union(
  [
    z.literal('none'),
    z.strictObject({ code: columnName, digits: positive.max(12).optional() }),
    z.strictObject({ name: columns }),
    z.strictObject({ point: text }),
    z.strictObject({ shape: text }),
    z.strictObject({ link: text }),
  ],
  { error: 'must be { code }, { name }, { point }, { shape }, { link } or none' },
);

/** A type without its forms, fields and links, which are judged one by one. */
export const typeHead = z.strictObject({
  ...label,
  description: text.optional(),
  role: z.enum(['thing', 'reading', 'event']),
  from: z.array(z.unknown()).min(1),
  key: z.array(text).min(1),
  unique: z.array(z.array(text).min(1)).optional(),
  merge: z.enum(['row', 'fields']).optional(),
  time: text.optional(),
  valid: z.strictObject({ from: text, to: text, yearly: z.boolean().optional() }).optional(),
  of: text.optional(),
  as: z
    .string()
    .regex(/^[a-z][A-Za-z0-9]*$/, 'must be a name such as river')
    .optional(),
  sync: sync.optional(),
  deletes: deletes.optional(),
  quiet: z
    .strictObject({
      feed: span.optional(),
      thing: span.optional(),
      heartbeat: z
        .string()
        .regex(/^[^.]+\.[^.]+$/, 'must be source.object')
        .optional(),
    })
    .optional(),
  freshness: z.strictObject({ promise: span }),
  backfill: iso.optional(),
  keep: span.optional(),
  history: iso.optional(),
  retains: span.optional(),
  read: z.enum(['store', 'live']).optional(),
  division: z.array(way).min(1),
  class: z.enum(['public', 'internal', 'sensitive', 'personal']).optional(),
  fields: z.record(z.string(), z.unknown()),
  links: z.record(z.string(), z.unknown()).optional(),
});

/** A form without its fields. */
export const formHead = z.strictObject({
  source: text,
  object: text,
  shape: z.strictObject({ has: columns }).optional(),
  where: z.array(condition).optional(),
  extend: z
    .array(
      z.strictObject({
        object: text,
        as: z.string().regex(/^[a-z][A-Za-z0-9_]*$/, 'must be a name such as cch'),
        on: z.record(z.string(), columnName),
      }),
    )
    .optional(),
  each: text.optional(),
  fan: text.optional(),
  unpivot: z.strictObject({ columns: z.record(z.string(), text), skip: raws.optional() }).optional(),
  only: z.array(text).min(1).optional(),
  adds: z.boolean().optional(),
  sync: sync.optional(),
  fields: z.record(z.string(), z.unknown()).optional(),
});

const pairs = z.record(z.string(), text);
const target = z.string().regex(/^([a-z][a-z-]{1,30}\.)?[A-Z][A-Za-z0-9]*$/, 'must be Type or unit.Type');

export const link = z
  .strictObject({
    ...label,
    description: text.optional(),
    to: target.optional(),
    on: z
      .union([pairs, z.array(pairs).min(1)], { error: 'must be { ownField: targetField } or a list' })
      .optional(),
    inverse: z
      .string()
      .regex(/^[a-z][A-Za-z0-9]*$/, 'must be a name such as alarms')
      .optional(),
    one: z.boolean().optional(),
    current: z
      .string()
      .regex(/^[a-z][A-Za-z0-9]*$/, 'must be a name such as floodLimit')
      .optional(),
    onMissing: z.enum(['keep', 'wait', 'setAside']).optional(),
    nearest: z.strictObject({ to: target, maxMetres: z.number().positive() }).optional(),
  })
  .refine((own) => (own.nearest === undefined) === (own.to !== undefined && own.on !== undefined), {
    error: 'a link has either `to` and `on`, or `nearest`',
  });

export type SyncWords = z.infer<typeof sync>;
export type TypeWords = Omit<z.infer<typeof typeHead>, 'from' | 'fields' | 'links'>;
export type FormWords = Omit<z.infer<typeof formHead>, 'fields'>;
export type LinkWords = z.infer<typeof link>;
export type WayWords = z.infer<typeof way>;
