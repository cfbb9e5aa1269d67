// The political-legal commission as what a process, or a test, runs: the system, and the secrets that its unit's manifest asks for.
import { createSocket } from 'node:dgram';
import { pathToFileURL } from 'node:url';
import { openKeptSecrets } from '../process/kept-secrets.ts';
import type { OpenSystem } from '../process/run-process.ts';
import { openVideoSystem, type VideoOptions, type VideoSystem } from './system.ts';

/** Shorter than any hub waits for stability, long enough for one that does not wait to read half a file. */
const PAUSE_MS = 400;
const ID = '43110000002000000001';

export const open: OpenSystem = async (settings) => openVideo(settings);

/** With what a test asks of it besides. */
export async function openVideo(
  settings: Parameters<OpenSystem>[0] & Pick<VideoOptions, 'keepaliveMs' | 'retryMs'>,
): Promise<VideoSystem & Awaited<ReturnType<OpenSystem>>> {
  const { folder, port, slowMs } = settings;
  const hubPort = await findFreePort(port);
  const { password } = await openKeptSecrets(folder, 'political-legal', ['password']);
  const { slowMs: _late, ...rest } = settings;
  const system = await openVideoSystem({
    ...rest,
    ...{ hubPort, id: ID, password, pauseMs: PAUSE_MS },
    ...(slowMs === undefined ? {} : { lateMs: slowMs }),
  });
  return {
    ...system,
    secrets: {
      POLITICAL_LEGAL_SIP_PORT: String(hubPort),
      POLITICAL_LEGAL_SIP_ID: ID,
      POLITICAL_LEGAL_SIP_PASSWORD: password,
      POLITICAL_LEGAL_FOLDER: pathToFileURL(system.gridFolder).href,
      POLITICAL_LEGAL_OWNER_PHONE: '13900000014',
    },
    note: `registers with whoever listens on UDP port ${hubPort}, drops files into ${system.gridFolder}`,
  };
}

/** The wanted UDP port where nobody has it, else any: the hub is to listen there. */
async function findFreePort(wanted: number): Promise<number> {
  for (const port of [wanted, 0]) {
    const socket = createSocket('udp4');
    const found = await new Promise<number | null>((resolve) => {
      socket.once('error', () => resolve(null));
      socket.bind(port, () => resolve(socket.address().port));
    });
    await new Promise<void>((resolve) => {
      if (found === null) resolve();
      else socket.close(() => resolve());
    });
    if (found !== null) return found;
  }
  throw new Error('There must be a free UDP port.');
}
