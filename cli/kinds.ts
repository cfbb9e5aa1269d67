// Every transport that this hub has, by the manifest's word.
import { toFileKind } from '../connectors/kinds/file/file-kind.ts';
import type { OnStranger } from '../connectors/kinds/file/strangers.ts';
import { toGraphqlKind } from '../connectors/kinds/graphql/graphql-kind.ts';
import { toHttpKind } from '../connectors/kinds/http/http-kind.ts';
import { toMqttKind } from '../connectors/kinds/mqtt/mqtt-kind.ts';
import { toSoapKind } from '../connectors/kinds/soap/soap-kind.ts';
import type { OnTurnedAway } from '../connectors/kinds/socket/faults.ts';
import { toSocketKind } from '../connectors/kinds/socket/socket-kind.ts';
import { sqlKind } from '../connectors/kinds/sql/sql-kind.ts';
import type { ConnectorKind } from '../connectors/kit/contract.ts';
import { wallClock } from '../connectors/kit/resilience/clock.ts';
import { toTargets } from '../connectors/kit/web/targets.ts';
import type { Log } from '../jobs/log.ts';
import type { Divisions } from '../schema/divisions/divisions.ts';
import { codecs } from './codecs.ts';
import type { Config } from './config.ts';

/** Of the configuration: where sources over HTTP may be asked, and at which address devices are listened to. */
export function toKinds(
  divisions: Divisions,
  log: Log,
  { privateTargets, listenHost }: Pick<Config, 'privateTargets'> & Partial<Pick<Config, 'listenHost'>>,
): Readonly<Record<string, ConnectorKind>> {
  const counties = divisions.all.flatMap(({ code, level }) => (level === 'COUNTY' ? [code] : []));
  const parts = { codecs, clock: wallClock };
  const web = { ...parts, counties, targets: toTargets(privateTargets) };
  const onStranger: OnStranger = (place) =>
    log.warn(place, 'no object of the manifest takes this file: it is not read, and stays where it lies');
  const onTurnedAway: OnTurnedAway = (place, peer, reason) =>
    log.warn({ ...place, peer, reason }, 'a sender was sent away');
  const kinds = [
    sqlKind,
    toHttpKind(web),
    toSoapKind(web),
    toGraphqlKind(web),
    toFileKind({ ...parts, onStranger }),
    toMqttKind(parts),
    toSocketKind({ ...parts, onTurnedAway, ...(listenHost === undefined ? {} : { host: listenHost }) }),
  ];
  return Object.fromEntries(kinds.map((kind) => [kind.kind, kind]));
}
