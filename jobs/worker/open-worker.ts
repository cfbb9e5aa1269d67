// The worker as the composition root opens it: work-units.ts with the hub's own mapping engine and resilience.
import { compileMappings } from '../../connectors/kit/mapping/compile-mappings.ts';
import { wallClock } from '../../connectors/kit/resilience/clock.ts';
import { toResilientSource } from '../../connectors/kit/resilience/to-resilient-source.ts';
import type { Divisions } from '../../schema/divisions/divisions.ts';
import { type Worker, type WorkOptions, workUnits } from './work-units.ts';

export type WorkerOptions = WorkOptions & { readonly divisions: Divisions };

/**
 * Begins to run the units' feeds: first load in order, then by schedule. A unit that cannot run is left out and reported.
 * Store and queue belong to the caller and are closed after the worker. Rejects with HUB_QUEUE_UNREACHABLE.
 */
export function openWorker(options: WorkerOptions): Promise<Worker> {
  const { divisions } = options;
  return workUnits(options, {
    compile: (unit) => compileMappings(unit, { divisions }),
    protect: (source, settings) => toResilientSource(source, settings, wallClock),
  });
}
