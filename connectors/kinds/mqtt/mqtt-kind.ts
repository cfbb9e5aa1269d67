// The kind `mqtt`: what senders publish at a department's broker.
import type { ConnectorKind } from '../../kit/contract.ts';
import { LISTENED_ONLY } from '../../kit/listening.ts';
import { type MqttParts, openMqttSource } from './open-mqtt-source.ts';

/** Subscribes at a broker, and acknowledges what is durable. */
export function toMqttKind(parts: MqttParts): ConnectorKind {
  return {
    kind: 'mqtt',
    capabilities: LISTENED_ONLY,
    open: async (settings) => openMqttSource(settings, parts),
  };
}
