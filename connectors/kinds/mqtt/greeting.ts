// What the hub says to a broker when it comes, and whether what it was granted is enough. Pure; connection.ts sends it.
import type { IConnectPacket, ISubackPacket, ISubscribePacket } from 'mqtt-packet';
import { refuse, type Version } from './faults.ts';
import type { MqttPlan } from './settings.ts';
import { toMostPacket } from './wire.ts';

const MOST_RECEIVED = 65_535;

export function toConnect(
  version: Version,
  plan: MqttPlan,
  { client, keepAliveSeconds }: { readonly client: string; readonly keepAliveSeconds: number },
): IConnectPacket {
  const { session, credentials, inFlight } = plan;
  const properties = {
    sessionExpiryInterval: session?.expiresSeconds ?? 0,
    // What is not acknowledged yet is at most so much: the broker waits with the rest.
    receiveMaximum: Math.min(MOST_RECEIVED, inFlight),
    maximumPacketSize: toMostPacket(plan),
  };
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: version,
    clientId: client,
    clean: session === null,
    keepalive: keepAliveSeconds,
    ...(credentials === null
      ? {}
      : { username: credentials.user.reveal(), password: Buffer.from(credentials.password.reveal()) }),
    ...(version === 5 ? { properties } : {}),
  };
}

const toFilters = ({ objects }: MqttPlan) => [...new Set(objects.flatMap(({ filters }) => filters))];

/** Of a session that stood before, MQTT 5 does not send the retained messages once more; 3.1.1 always does. */
export function toSubscribe(version: Version, plan: MqttPlan): ISubscribePacket {
  const subscriptions = toFilters(plan).map((topic) => ({
    ...{ topic, qos: plan.qos },
    ...(version === 5 ? { nl: false, rap: false, rh: 1 } : {}),
  }));
  return { cmd: 'subscribe', messageId: 1, subscriptions };
}

/** Throws where a subscription is refused, or would be without acknowledgement. */
export function judgeGrants(plan: MqttPlan, granted: ISubackPacket['granted']): void {
  const { qos, place } = plan;
  for (const [index, filter] of toFilters(plan).entries()) {
    const code = Number(granted[index] ?? 128);
    if (code >= 128)
      throw refuse(
        'HUB_SOURCE_REFUSED',
        place,
        `the broker refuses the subscription to ${filter} [code ${code}]`,
      );
    if (code === 0 && qos > 0)
      throw refuse(
        'HUB_SOURCE_UNSUPPORTED',
        place,
        `the broker gives ${filter} without acknowledgement (qos 0); say \`qos: 0\`, or have its rights changed`,
      );
  }
}
