// `hub key <name>`: an API key for the gateway. The key is printed once; the hub keeps only its SHA-256.
import { createHash, randomBytes } from 'node:crypto';
import { HubError } from '../../schema/errors.ts';

export function runKey(name: string): void {
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(name)) {
    throw new HubError(
      'HUB_CONFIG_INVALID',
      'A key name has 1 to 64 letters, digits, dots, dashes or underscores.',
    );
  }
  const key = randomBytes(32).toString('base64url');
  const sha256 = createHash('sha256').update(key).digest('hex');
  process.stdout.write(`key        ${key}\nHUB_KEYS   ${name}:${sha256}\n`);
}
