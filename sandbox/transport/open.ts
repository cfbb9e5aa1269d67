// The transport bureau as what a process, or a test, runs: its database behind the front, its vehicles' terminals, and the secrets
// that its unit's manifest asks for. The terminals' port is the hub's to open: it is only chosen here.
import { type DatabaseSystem, openDatabaseSystem } from '../database/database-system.ts';
import { openKeptSecrets } from '../process/kept-secrets.ts';
import type { OpenSystem, RunningSystem } from '../process/run-process.ts';
import { openHubPort } from '../sender/hub-port.ts';
import { openTerminalLedger } from './ledger.ts';
import { FLEET, toTransport } from './simulation.ts';
import { CITY_ODDITIES, openTerminals } from './terminals.ts';
import { toNewcomer, toVehicles } from './vehicle.ts';

/** Behind the ports of the systems that stand beside this one: 15 808 where its own is 15 440. */
const PORTS_ON = 368;

export const open: OpenSystem = async (settings) => {
  const system = await openDatabaseSystem(
    toTransport(settings.seed, FLEET, Math.max(FLEET, settings.vehicles ?? 0)),
    settings,
  );
  try {
    return await openWithTerminals(system, settings);
  } catch (error) {
    await system.close();
    throw error;
  }
};

async function openWithTerminals(
  system: DatabaseSystem,
  { seed, port, folder, log, vehicles: known }: Parameters<OpenSystem>[0],
): Promise<RunningSystem> {
  const hubPort = await openHubPort({ folder, name: 'terminals', first: port + PORTS_ON });
  const { auth } = await openKeptSecrets(folder, 'transport', ['auth']);
  const ledger = openTerminalLedger(system.adminUrl, log);
  const vehicles = [...toVehicles(seed, FLEET), toNewcomer(seed, Math.max(FLEET, known ?? 0))];
  const terminals = openTerminals({
    ...{ port: hubPort, vehicles, seed, now: system.now, oddities: CITY_ODDITIES },
    note: ledger.note,
  });
  return {
    secrets: {
      TRANSPORT_URL: system.url,
      TRANSPORT_JT808_PORT: String(hubPort),
      TRANSPORT_JT808_AUTH: auth,
      TRANSPORT_OWNER_PHONE: '13900000007',
    },
    note: `127.0.0.1:${system.port}; ${vehicles.length} terminals speak to 127.0.0.1:${hubPort}; history up to ${new Date(system.loadedTo()).toISOString()}`,
    setFault: async (fault) => {
      terminals.setAway(fault === 'down');
      await system.setFault(fault);
    },
    faultCounters: system.faultCounters,
    close: async () => {
      await terminals.close();
      await ledger.close();
      await system.close();
    },
  };
}
