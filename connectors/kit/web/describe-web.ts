// What a service has: by its own contract where it has one, and by a page of each object of the manifest. For people who
// register a department; a run never asks.
import { type HubError, isHubError } from '../../../schema/errors.ts';
import type { ObjectShape, RawValue, SourceRecord } from '../contract.ts';
import { toHint } from '../manifest/shape/suggest.ts';
import { isRecord } from '../mapping/columns.ts';
import type { Contract, Described, WebObject, WebSource } from './contract.ts';
import { toFault } from './faults.ts';
import { toSampleColumns } from './sample-columns.ts';

/** The first records of an object as they come, and how many there are in all where the service says so. */
export type Sample = { readonly items: readonly RawValue[]; readonly total: number | null };
export type Asking<Request> = {
  contract(): Promise<Contract>;
  sample(object: WebObject<Request>, paths: readonly string[]): Promise<Sample>;
};

const MOST_SHOWN = 5;

/** Without names: the manifest's objects, then what else the contract names. HUB_SOURCE_SHAPE for a name that neither has. */
export async function describeWeb<Request>(
  { objects, place }: WebSource<Request>,
  names: readonly string[] | undefined,
  asking: Asking<Request>,
): Promise<readonly ObjectShape[]> {
  const contract = await asking.contract();
  const others = new Map(contract.others.map((other) => [other.name, other]));
  const shapes: ObjectShape[] = [];
  for (const name of names ?? new Set([...objects.keys(), ...others.keys()])) {
    const object = objects.get(name);
    const other = others.get(name);
    if (object !== undefined)
      shapes.push(await describeObject(object, name, contract.objects.get(name), asking));
    else if (other !== undefined) shapes.push(other);
    else throw toUnknown(name, [...objects.keys(), ...others.keys()], place);
  }
  return shapes;
}

async function describeObject<Request>(
  object: WebObject<Request>,
  name: string,
  described: Described | undefined,
  asking: Asking<Request>,
): Promise<ObjectShape> {
  try {
    const { items, total } = await asking.sample(object, described?.paths ?? []);
    return {
      name,
      columns: described?.columns ?? toSampleColumns(items),
      key: described?.key ?? [],
      rows: total,
      sample: items.slice(0, MOST_SHOWN).filter((item): item is SourceRecord => isRecord(item)),
    };
  } catch (error) {
    // What the contract says stands without a page of it.
    if (described === undefined || isHubError(error, ...OF_THE_MOMENT)) throw error;
    return { name, columns: described.columns, key: described.key, rows: null };
  }
}

const OF_THE_MOMENT = [
  'HUB_SOURCE_CLOSED',
  'HUB_SOURCE_TIMEOUT',
  'HUB_SOURCE_UNREACHABLE',
  'HUB_SOURCE_BUSY',
  'HUB_SOURCE_TARGET',
] as const;

function toUnknown(name: string, known: readonly string[], place: WebSource['place']): HubError {
  const what = `neither the manifest nor the service has ${name}${toHint(name, known)}`;
  return toFault('HUB_SOURCE_SHAPE', { ...place, object: name }, what);
}
