// Opens the sources that a unit's feeds read, each behind its resilience. Secrets are asked for by name and never kept.
import type { CallPace, ConnectorKind, Source, SourceSettings } from '../../connectors/kit/contract.ts';
import type { SourceSpec, Unit } from '../../connectors/kit/manifest/model.ts';
import { toMillis } from '../../schema/duration.ts';
import { HubError } from '../../schema/errors.ts';
import type { Feed } from '../plan/feed.ts';
import { type Secrets, toSecretNames, withSecrets } from './known-secrets.ts';

export type OpenSources = {
  /** Of a feed that was planned for these sources. */
  of(feed: Feed): Source;
  close(): Promise<void>;
};

export type SourcesOptions = {
  readonly kinds: Readonly<Record<string, ConnectorKind>>;
  readonly secrets: Secrets;
  /** The book of calls that all processes share, where there is one. */
  readonly bookCall?: (unit: string, source: string, pace: CallPace) => Promise<number | null>;
  /** Puts deadline, retries, bulkhead and breaker around a source. */
  readonly protect: (source: Source, settings: SourceSettings) => Source;
};

/**
 * Opens every source that a runnable feed of the unit names; others need no secret. Rejects with HUB_CONFIG_INVALID
 * naming all missing secrets, or HUB_SOURCE_UNSUPPORTED naming the kinds that this hub does not have.
 */
export async function openSources(
  unit: Unit,
  feeds: readonly Feed[],
  options: SourcesOptions,
): Promise<OpenSources> {
  const names = new Set(feeds.filter((feed) => feed.unsupported === null).map((feed) => feed.key.source));
  const specs = unit.sources.filter((source) => names.has(source.name));
  refuse(unit, specs, options);
  const open = new Map<string, Source>();
  const close = async () => {
    await Promise.all([...open.values()].map((source) => source.close().catch(() => undefined)));
  };
  try {
    for (const spec of specs) {
      const settings = toSettings(unit, spec, options);
      const source = await options.kinds[spec.kind]?.open(settings);
      if (source !== undefined) open.set(spec.name, options.protect(source, settings));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    of: (feed) => {
      const source = open.get(feed.key.source);
      if (source === undefined) throw new RangeError(`feed ${feed.name} was not planned for these sources`);
      return source;
    },
    close,
  };
}

function refuse(unit: Unit, specs: readonly SourceSpec[], { kinds, secrets }: SourcesOptions): void {
  const unknown = specs.filter((spec) => kinds[spec.kind] === undefined);
  if (unknown.length > 0)
    throw new HubError(
      'HUB_SOURCE_UNSUPPORTED',
      `unit ${unit.unit}: ${unknown.map((spec) => `source ${spec.name} is of kind ${spec.kind}`).join(', ')}, which this hub cannot read yet`,
      { place: { unit: unit.unit } },
    );
  const missing = [...new Set(specs.flatMap(toSecretNames))].filter((name) => secrets(name) === undefined);
  if (missing.length > 0)
    throw new HubError(
      'HUB_CONFIG_INVALID',
      `unit ${unit.unit}: neither the environment nor HUB_SECRETS_DIR has ${missing.join(', ')}; a variable counts from the next start, a file within seconds`,
      { place: { unit: unit.unit } },
    );
}

function toSettings(unit: Unit, spec: SourceSpec, { secrets, bookCall }: SourcesOptions): SourceSettings {
  const { rate } = spec.limits;
  return {
    unit: unit.unit,
    name: spec.name,
    url: (spec.url === null ? undefined : secrets(spec.url.secret)) ?? '',
    zone: spec.zone,
    inFlight: spec.limits.inFlight,
    timeoutMs: toMillis(spec.limits.timeout),
    pageRows: spec.limits.rows,
    rate: rate === null ? null : { calls: rate.calls, perMs: toMillis(rate.per) },
    ...(bookCall === undefined ? {} : { bookCall: (pace: CallPace) => bookCall(unit.unit, spec.name, pace) }),
    fileBytes: spec.limits.fileBytes,
    peers: { connections: spec.limits.connections, frameBytes: spec.limits.frameBytes },
    columnCase: spec.columnCase,
    options: withSecrets(spec.settings, secrets),
    objects: spec.objects.map(({ name, settings }) => ({ name, options: withSecrets(settings, secrets) })),
  };
}
