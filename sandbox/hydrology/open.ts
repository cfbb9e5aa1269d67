// The hydrology centre as what a process, or a test, runs: its tables behind the front, and its stations that send to the hub.
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toDatabaseOpening } from '../database/open-department.ts';
import type { OpenSystem } from '../process/run-process.ts';
import { openHubPort } from '../sender/hub-port.ts';
import { toHydrology } from './simulation.ts';
import { openStations } from './stations.ts';

const openTables = toDatabaseOpening((seed) => toHydrology(seed), '13900000000');

/** From the port of the tables to the first choice of the one where the hub listens for stations. */
const STATIONS_AFTER = 1000;

export const open: OpenSystem = async (settings) => {
  const { folder, seed, log } = settings;
  const tables = await openTables(settings);
  try {
    const first = settings.port === 0 ? 0 : settings.port + STATIONS_AFTER;
    const port = await openHubPort({ folder, name: 'telemetry', first });
    const password = await openRtuPassword(folder);
    const { adminUrl, clock } = tables;
    const stations = openStations({ adminUrl, clock, seed, port, password, log });
    return {
      ...tables,
      secrets: {
        ...tables.secrets,
        HYDROLOGY_TELEMETRY_PORT: String(port),
        HYDROLOGY_RTU_PASSWORD: password,
      },
      note: `${tables.note}; stations send to ${port}`,
      setFault: async (fault) => {
        await tables.setFault(fault);
        stations.setAway(fault === 'down');
      },
      close: async () => {
        await stations.close();
        await tables.close();
      },
    };
  } catch (error) {
    await tables.close();
    throw error;
  }
};

/** SL 651's is four hexadecimal digits; made once. */
async function openRtuPassword(folder: string): Promise<string> {
  const file = join(folder, 'rtu-password');
  const kept = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (/^[0-9A-F]{4}$/.test(kept)) return kept;
  const made = randomBytes(2).toString('hex').toUpperCase();
  await writeFile(file, made, { mode: 0o600 });
  return made;
}
