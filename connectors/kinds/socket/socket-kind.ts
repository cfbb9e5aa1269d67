// The kind `socket`: telemetry in frames over TCP and UDP.
import type { ConnectorKind } from '../../kit/contract.ts';
import { LISTENED_ONLY } from '../../kit/listening.ts';
import { openSocketSource, type SocketParts } from './open-socket-source.ts';

/** Listens to stations, terminals and receivers that send frames by themselves. */
export function toSocketKind(parts: SocketParts): ConnectorKind {
  return {
    kind: 'socket',
    capabilities: LISTENED_ONLY,
    open: async (settings) => openSocketSource(settings, parts),
  };
}
