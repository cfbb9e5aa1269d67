// Jest over native ES modules; swc only strips types (tsc checks them). One embedded PostgreSQL serves the whole run.
export default {
  testEnvironment: '<rootDir>/test/runner/environment.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  testMatch: ['<rootDir>/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.data/'],
  modulePathIgnorePatterns: ['/dist/', '/.data/'],
  globalSetup: '<rootDir>/test/runner/setup.ts',
  globalTeardown: '<rootDir>/test/runner/teardown.ts',
  testSequencer: '<rootDir>/test/runner/sequencer.mjs',
  reporters: ['default', '<rootDir>/test/runner/closing-line.mjs'],
  testTimeout: 30_000,
  maxWorkers: 2,
  // What a file has loaded is never given back (ES modules in contexts): a worker that nears V8's limit does little but collect garbage.
  workerIdleMemoryLimit: '1GB',
};
