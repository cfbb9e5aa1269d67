// The graph of the hub's units over its store: the parts that are stitched, and what lies behind all of them.
import type { GatewayOptions } from '../gateway/server/options.ts';
import { toHubSubschema } from '../gateway/subschema/hub-subschema.ts';
import { toUnitExecutor } from '../gateway/subschema/unit-executor.ts';
import { toUnitSubschemaSdl } from '../gateway/subschema/unit-sdl.ts';
import type { WholeOptions } from '../gateway/whole/contract.ts';

export type Graph = Pick<GatewayOptions, 'subschemas'> & { readonly whole: WholeOptions };

export function toGraph(whole: WholeOptions): Graph {
  const { units } = whole;
  const ofUnits = units.map((unit) => ({
    name: unit.unit,
    typeDefs: toUnitSubschemaSdl(unit, units),
    executor: toUnitExecutor({ ...whole, unit }),
  }));
  return { subschemas: [toHubSubschema(whole), ...ofUnits], whole };
}
