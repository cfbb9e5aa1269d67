// The arrows of docs/architecture.md, enforced. A folder may import only what stands to its left:
//   schema ← connectors/kit ← connectors/{kinds,codecs} ← store ← jobs ← gateway ← cli
// postgres/ stands alone; sandbox/, bench/ and test/ are imported by nothing.

const LAYERS = ['schema', 'connectors/kit', 'connectors/(kinds|codecs)', 'store', 'jobs', 'gateway', 'cli'];
const TESTS = '\\.(test|fixture)\\.ts$';

/** What stands to the right of a layer is forbidden to it; tests may reach across (they build whole worlds). */
const layers = LAYERS.slice(0, -1).map((layer, index) => ({
  name: `${layer.replace(/[^a-z]+/g, '-')}-looks-right`,
  comment: `${layer} may import only what stands to its left`,
  severity: 'error',
  from: { path: `^${layer}/`, pathNot: TESTS },
  to: { path: `^(${LAYERS.slice(index + 1).join('|')})/` },
}));

const fenced = (name, packages, allowed) => ({
  name: `only-${name}`,
  comment: `${packages} belongs to ${allowed}`,
  severity: 'error',
  from: { pathNot: `^(${allowed})|^test/|${TESTS}` },
  to: { path: `node_modules/(${packages})/` },
});

export default {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependency-in-product',
      comment: 'what runs in production stands in dependencies',
      severity: 'error',
      from: { path: `^(${LAYERS.join('|')}|postgres|sandbox)/`, pathNot: `${TESTS}|/conformance/|^cli/hub` },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    ...layers,
    {
      name: 'kinds-are-strangers',
      severity: 'error',
      from: { path: '^connectors/kinds/([^/]+)/' },
      to: { path: '^connectors/kinds/([^/]+)/', pathNot: '^connectors/kinds/$1/' },
    },
    {
      name: 'kinds-and-codecs-are-strangers',
      comment: 'kinds get their codecs as an argument',
      severity: 'error',
      from: { path: '^connectors/(kinds|codecs)/', pathNot: TESTS },
      to: { path: '^connectors/(kinds|codecs)/', pathNot: '^connectors/$1/' },
    },
    {
      name: 'doors-are-strangers',
      comment: 'the server chooses between the whole graph and the stitched one; neither knows the other',
      severity: 'error',
      from: { path: '^gateway/(whole|stitch)/', pathNot: TESTS },
      to: { path: '^gateway/(whole|stitch)/', pathNot: '^gateway/$1/' },
    },
    {
      name: 'postgres-stands-alone',
      severity: 'error',
      from: { path: '^postgres/', pathNot: TESTS },
      to: { path: `^(${LAYERS.join('|')}|sandbox|test|bench)/` },
    },
    {
      name: 'sandbox-is-fenced',
      comment: 'its encoders come from the standards, so that hub and sandbox cannot be wrong together',
      severity: 'error',
      from: { path: '^sandbox/', pathNot: TESTS },
      to: { path: `^(${LAYERS.join('|')}|bench|test)/` },
    },
    {
      name: 'nothing-imports-the-rim',
      severity: 'error',
      from: { path: `^(${LAYERS.join('|')}|postgres)/`, pathNot: TESTS },
      to: { path: '^(sandbox|bench|test|tools)/' },
    },
    fenced('sql-kind-uses-knex', 'knex|mysql2|tedious|oracledb', 'connectors/kinds/sql/'),
    fenced(
      'the-store-uses-pg',
      'pg|pg-copy-streams',
      'store/|postgres/|sandbox/|bench/|connectors/kinds/sql/|jobs/queue/|cli/',
    ),
    fenced(
      'codecs-parse',
      'csv-parse|fast-xml-parser|lossless-json|saxes|yauzl',
      'connectors/codecs/|sandbox/',
    ),
    fenced('mqtt-kind-speaks-mqtt', 'mqtt-packet', 'connectors/kinds/mqtt/'),
    fenced('the-sandbox-has-a-broker', 'aedes', 'sandbox/'),
    fenced('jobs-use-the-queue', 'bullmq', 'jobs/queue/'),
    fenced('jobs-use-redis', 'ioredis', 'jobs/(queue|changes)/'),
    fenced('stitch-uses-stitch', '@graphql-tools/stitch', 'gateway/stitch/'),
    fenced(
      'the-server-uses-apollo',
      '@apollo/server|@as-integrations/fastify|fastify',
      'gateway/server/|gateway/policy/|gateway/observe/',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // What the hub is measured beside has packages of its own (bench/package.json), which most checkouts do not have.
    exclude: { path: '/fixtures/|^bench/peers/|^bench/node_modules/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js'],
    },
    reporterOptions: {
      dot: { collapsePattern: '^(schema|postgres|store|jobs|cli|sandbox|(connectors|gateway)/[^/]+)' },
    },
  },
};
