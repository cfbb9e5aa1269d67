// How a name becomes an address on its way to a connection: judged in between, so that a name that is answered for otherwise a
// moment later gets nothing.
import { lookup as lookupName } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { HubError } from '../../../schema/errors.ts';
import { type Targets, toHost } from './targets.ts';

/** `refuse` makes the error of an address that may not be connected to. Throws it at once where the URL names the address itself. */
export function toLookup(
  url: URL,
  targets: Targets,
  refuse: () => HubError,
  resolve: typeof lookupName = lookupName,
): LookupFunction {
  const at = { host: toHost(url), port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80) };
  // An address is connected to without being looked up.
  if (isIP(at.host) !== 0 && !targets.allow(at.host, at)) throw refuse();
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '');
      // One bad address among good ones is somebody's attempt: which one is taken is not left to chance.
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => targets.allow(address, at)))
        return callback(refuse(), '');
      if (options.all === true) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}
