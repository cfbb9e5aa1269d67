// Prints docs/errors.md from the table of coded errors: `npm run errors > docs/errors.md`.
import { ERRORS, type ErrorEntry } from '../schema/errors.ts';

const TITLES: Readonly<Record<string, string>> = {
  CONFIG: 'Configuration',
  INTERNAL: 'The hub itself',
  POSTGRES: 'The embedded PostgreSQL',
  SCHEMA: 'Composing the graph',
  REQUEST: 'Requests over HTTP',
  MANIFEST: 'Manifests',
  SOURCE: 'Legacy systems',
  MAP: 'Mapping (per record or field; see the manifest’s `onBad`)',
  STORE: 'The store',
  SYNC: 'Sync',
  QUEUE: 'The queue',
  QUERY: 'Questions to the graph',
  AUTH: 'Keys',
  UNIT: 'Units in the graph',
};

const areas = new Map<string, string[]>();
for (const [code, entry] of Object.entries<ErrorEntry>(ERRORS)) {
  const area = code.split('_')[1] ?? '';
  areas.set(area, [
    ...(areas.get(area) ?? []),
    `| \`${code}\` | ${entry.recovery} | ${entry.status} | ${entry.meaning} |`,
  ]);
}
const head = `# Errors

Every error of the hub has a code, a recovery class and, at the gateway, an HTTP status. \`stop\` needs a person, \`retry\` may
work later by itself, \`skip\` leaves one record or field out and goes on. In the graph the code stands in \`extensions.code\`, beside
\`unit\` and \`retryable\`. This page is printed from \`schema/errors.ts\` (\`npm run errors\`); a test compares the two both ways.
The lint findings of manifests (M001 …) stand in connectors/kit/manifest.
`;
const sections = [...areas].map(
  ([area, rows]) =>
    `## ${TITLES[area] ?? area}\n\n| code | recovery | status | meaning |\n|---|---|---|---|\n${rows.join('\n')}\n`,
);
process.stdout.write([head, ...sections].join('\n'));
