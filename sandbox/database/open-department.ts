// A department whose system is a database, as what a process or a test runs: the system, and the secrets that its unit's
// manifest asks for.
import type { OpenSystem, RunningSystem } from '../process/run-process.ts';
import { type DatabaseSystem, openDatabaseSystem } from './database-system.ts';
import type { Simulation } from './simulation.ts';

export function toDatabaseOpening(
  toSimulation: (seed: number) => Simulation,
  ownerPhone: string,
): (settings: Parameters<OpenSystem>[0]) => Promise<RunningSystem & DatabaseSystem> {
  return async (settings) => {
    const simulation = toSimulation(settings.seed);
    const system = await openDatabaseSystem(simulation, settings);
    const word = toSecretWord(simulation.name);
    return {
      ...system,
      secrets: { [`${word}_URL`]: system.url, [`${word}_OWNER_PHONE`]: ownerPhone },
      note: `127.0.0.1:${system.port}; history up to ${new Date(system.loadedTo()).toISOString()}`,
    };
  };
}

/** What the names of a department's secrets begin with: `PUBLIC_SECURITY`. */
export function toSecretWord(department: string): string {
  return department.replaceAll('-', '_').toUpperCase();
}
