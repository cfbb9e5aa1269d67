// Where the sandbox city's services over HTTP are: the only private addresses that a start opens by itself, each with its port.
import type { SandboxSecrets } from './sandbox-secrets.ts';

/** In the form of HUB_PRIVATE_TARGETS. */
export function toSandboxTargets(secrets: SandboxSecrets): readonly string[] {
  const hosts = Object.values(secrets).flatMap((secret) => {
    if (secret === undefined || !/^https?:\/\//.test(secret) || !URL.canParse(secret)) return [];
    const { hostname, port, protocol } = new URL(secret);
    return [`${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`];
  });
  return [...new Set(hosts)];
}
