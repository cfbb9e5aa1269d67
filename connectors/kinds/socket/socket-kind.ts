// The kind `socket`: telemetry in frames over TCP and UDP.
import type { ConnectorKind } from '../../kit/contract.ts';
import { openSocketSource, type SocketParts, socketCapabilities } from './open-socket-source.ts';

/** Listens to stations, terminals and receivers that send frames by themselves. */
export function toSocketKind(parts: SocketParts): ConnectorKind {
  return {
    kind: 'socket',
    capabilities: socketCapabilities,
    open: async (settings) => openSocketSource(settings, parts),
  };
}
