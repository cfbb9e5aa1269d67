// The kind `mqtt`: what senders publish at a department's broker.
import type { ConnectorKind } from '../../kit/contract.ts';
import { type MqttParts, mqttCapabilities, openMqttSource } from './open-mqtt-source.ts';

/** Subscribes at a broker, and acknowledges what is durable. */
export function toMqttKind(parts: MqttParts): ConnectorKind {
  return {
    kind: 'mqtt',
    capabilities: mqttCapabilities,
    open: async (settings) => openMqttSource(settings, parts),
  };
}
