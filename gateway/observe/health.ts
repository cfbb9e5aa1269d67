// Whether the gateway should be sent requests: what load balancers ask at /health/ready. A department that is down
// does not make the city's gateway unready.
import { isHubError } from '../../schema/errors.ts';

/** One part: whether it works, and in a few words (a code, a count; no address, no secret) why not. */
export type PartHealth = { readonly ok: boolean; readonly detail?: string };

/** What the composition root knows; the gateway adds its schema. */
export type HealthReport = {
  readonly store: PartHealth;
  /** By unit name. */
  readonly units: Readonly<Record<string, PartHealth>>;
};

/** The body of /health/ready. */
export type Readiness = HealthReport & { readonly ready: boolean; readonly schema: PartHealth };

/** How long the parts may take to answer; a probe is asked every few seconds. */
const HEALTH_DEADLINE_MS = 3000;

/** Ready means: a schema is in service, the store answers, and the gateway is not about to close. */
export function toReadiness(report: HealthReport, schema: PartHealth): Readiness {
  return { ready: report.store.ok && schema.ok, store: report.store, schema, units: report.units };
}

/** Asks for the parts' health; one that fails or hangs counts as a store that does not answer. */
export async function runHealthCheck(
  health: () => Promise<HealthReport>,
  deadlineMs = HEALTH_DEADLINE_MS,
): Promise<HealthReport> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<HealthReport>((resolve) => {
    timer = setTimeout(() => resolve(toUnknown(`no answer within ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    return await Promise.race([health(), late]);
  } catch (error) {
    return toUnknown(isHubError(error) ? error.code : 'the check failed');
  } finally {
    clearTimeout(timer);
  }
}

function toUnknown(detail: string): HealthReport {
  return { store: { ok: false, detail }, units: {} };
}
