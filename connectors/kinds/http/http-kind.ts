// The kind `http`: REST services and whatever else answers one request with one document or table.
import type { Codecs } from '../../kit/codec.ts';
import type { ConnectorKind } from '../../kit/contract.ts';
import type { Clock } from '../../kit/resilience/clock.ts';
import { httpCapabilities, openHttpSource } from './open-http-source.ts';
import { parseSettings } from './settings.ts';

/** `counties`: the city's county codes, for the slot `division.codes`. */
export function toHttpKind(parts: {
  readonly codecs: Codecs;
  readonly clock: Clock;
  readonly counties: readonly string[];
}): ConnectorKind {
  return {
    kind: 'http',
    capabilities: httpCapabilities,
    open: async (settings) => openHttpSource(parseSettings(settings, parts.codecs), parts),
  };
}
