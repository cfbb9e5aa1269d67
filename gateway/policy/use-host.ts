// Under which names the gateway may be asked. Without keys the loopback address is the only lock, and a web page can
// get behind it by pointing its own name at 127.0.0.1 (DNS rebinding): the browser then still sends that name.
import { HubError } from '../../schema/errors.ts';
import type { AccessKey } from './use-viewer.ts';

/** `127.0.0.1`, `localhost` or `[::1]`, with any port: nobody else's page can have them as its own. */
const LOCAL_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;

/** Refuses, while no keys are configured, a request that names any other host than this machine with HUB_AUTH_HOST. */
export function checkHost(host: string | undefined, keys: readonly AccessKey[]): void {
  if (keys.length > 0 || (host !== undefined && LOCAL_HOST.test(host))) return;
  // The name itself is not repeated: it is whatever a stranger wrote.
  throw new HubError(
    'HUB_AUTH_HOST',
    'Without keys the gateway answers only when asked as 127.0.0.1, localhost or [::1]; ask it so, or configure a key.',
  );
}
