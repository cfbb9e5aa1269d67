// Masking of personal fields, in SQL, before a value leaves the store (manifest §11). Who sees what unmasked is decided
// elsewhere: the compiler is handed a function.
import type { Field, Mask, UnitType } from '../../connectors/kit/manifest/model.ts';
import type { Viewer } from '../subschema/contract.ts';

/** The policy decision: whether this viewer gets this field masked. */
export type MaskPolicy = (field: Field, type: UnitType, viewer: Viewer) => boolean;

/** Until rights exist: `personal` is masked for whoever does not have that class, which is everyone. */
export function isPersonalMasked(field: Field, _type: UnitType, viewer: Viewer): boolean {
  return field.class === 'personal' && !viewer.classes.includes('personal');
}

/** A text column as its mask lets it be seen: 张**, 139****0000, the place down to its town. `text` and what fits no text are null. */
export function toMaskedText(mask: Mask | null, column: string): string {
  switch (mask) {
    case 'name':
      return `left(${column}, 1) || '**'`;
    case 'phone':
      return `case when char_length(${column}) >= 11 then left(${column}, 3) || '****' || right(${column}, 4) when ${column} is not null then '****' end`;
    case 'idNumber':
      // The first six digits are the place of registration.
      return `left(${column}, 6) || '************'`;
    case 'address':
      return `case when ${column} is not null then coalesce(substring(${column} from '^.*?(?:镇|乡|街道)'), substring(${column} from '^.*?(?:县|区|市)'), '') || '***' end`;
    case 'text':
    case 'grid1km':
    case null:
      return 'null::text';
  }
}

/** A coordinate as its mask lets it be seen: the middle of a cell of about one kilometre (0.01°), or null. */
export function toMaskedCoordinate(mask: Mask | null, column: string): string {
  return mask === 'grid1km' ? `(floor(${column} * 100) / 100 + 0.005)::numeric(9, 3)` : 'null::float8';
}
