// What the hub needs to be let in: the user's name is the bureau's, the rest was made once and is kept in the system's folder.
import { openKeptSecrets } from '../process/kept-secrets.ts';

export type Credentials = {
  readonly musicUser: string;
  readonly musicPassword: string;
  /** X-Api-Key of the warning archive. */
  readonly capKey: string;
};

export async function openCredentials(folder: string): Promise<Credentials> {
  const kept = await openKeptSecrets(folder, 'weather', ['musicPassword', 'capKey']);
  return { musicUser: 'BEZZ_YZYJ_HUB', ...kept };
}
