// Where a source over HTTP may connect to: public addresses, and what the installation allows beside them. A manifest's URL,
// or whoever answers for a name, must not turn the hub against the machine and the network that it runs in.
import { BlockList, isIP, isIPv6 } from 'node:net';

/** Whether a connection may be made; asked with the address that is about to be used, never with a name alone. */
export type Targets = {
  allow(address: string, at: { readonly host: string; readonly port: number }): boolean;
};

/** Special-purpose addresses (RFC 6890 and its registries): none of them is a service on the public network. */
const IPV4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
];
/** Also those that carry an IPv4 address within (mapped ones are judged by it). */
const IPV6 = [
  ...['::/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32', '2002::/16'],
  ...['fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
];

const SPECIAL = new BlockList();
for (const range of [...IPV4, ...IPV6]) addRange(SPECIAL, range);

/** What may be allowed: a range (`10.20.0.0/16`), or an address or a host, of one port or of all (`10.1.2.3:8080`). */
type Allowance = { readonly range: BlockList } | { readonly host: string; readonly port: number | null };

/** Nothing but public addresses. */
export const PUBLIC_TARGETS: Targets = toTargets([]);

/** Whether an entry says what may be allowed; one that does not allows nothing. */
export function isAllowance(entry: string): boolean {
  return parseAllowance(entry) !== null;
}

/** The host of a URL without brackets, as it is asked for and compared. */
export function toHost({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '').toLowerCase();
}

/** Public addresses, and what the entries allow. */
export function toTargets(entries: readonly string[]): Targets {
  const allowances = entries.map(parseAllowance).filter((one) => one !== null);
  return {
    allow(given, { host, port }) {
      const address = toPlainAddress(given);
      if (address === null) return false;
      if (!isIn(SPECIAL, address)) return true;
      return allowances.some((one) => {
        if ('range' in one) return isIn(one.range, address);
        return (one.host === host || one.host === address) && (one.port === null || one.port === port);
      });
    },
  };
}

function parseAllowance(entry: string): Allowance | null {
  if (entry.includes('/')) {
    const range = new BlockList();
    return addRange(range, entry) ? { range } : null;
  }
  const bare = isIPv6(entry) ? `[${entry}]` : entry;
  const parts = /^(\[[0-9a-f:.]+\]|[\p{L}\p{N}._-]+)(?::(\d{1,5}))?$/iu.exec(bare);
  const [, name = '', port] = parts ?? [];
  if (parts === null || !URL.canParse(`http://${name}/`)) return null;
  return { host: toHost(new URL(`http://${name}/`)), port: port === undefined ? null : Number(port) };
}

function addRange(list: BlockList, range: string): boolean {
  const [address = '', bits = '', ...more] = range.split('/');
  const family = isIP(address);
  const isWhole = /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
  if (family === 0 || !isWhole || more.length > 0) return false;
  list.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return true;
}

function isIn(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/** One spelling an address: no zone, IPv6 compressed, IPv4 within IPv6 (`::ffff:a.b.c.d`) as itself; null for what is none. */
function toPlainAddress(given: string): string | null {
  const address = given.replace(/%.*$/, '');
  if (!isIPv6(address)) return isIP(address) === 4 ? address : null;
  const plain = toHost(new URL(`http://[${address}]/`));
  const [, high, low] = MAPPED.exec(plain) ?? [];
  if (high === undefined || low === undefined) return plain;
  const [one, two] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [one >> 8, one & 255, two >> 8, two & 255].join('.');
}
