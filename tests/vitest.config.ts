/**
 * The tests that run in Node, in two projects: `unit` is quick enough to run while typing, `contract` checks
 * the local cloud with real clients and the built site. `npx vitest -c tests/vitest.config.ts` watches;
 * a file's path at the end runs that file alone.
 */

import { defineConfig } from 'vitest/config'

/** The rules of the repository that need a build of the whole site. */
const buildTests = ['tests/repo/built-site.test.ts']

// biome-ignore lint/style/noDefaultExport: Vitest takes its settings from the default export.
export default defineConfig({
  test: {
    globalSetup: 'tests/support/global-setup.ts',
    // All cores: left to itself, Vitest keeps one free and has a single worker on a machine with two.
    maxWorkers: '100%',
    // The files of a worker share their modules, which halves the time: a test undoes what it replaces in one.
    isolate: false,
    // A sign-in by the client library is a third of a second of arithmetic, more on a busy machine.
    testTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/{unit,repo}/**/*.test.ts'],
          exclude: buildTests,
        },
      },
      {
        extends: true,
        test: {
          name: 'contract',
          include: ['tests/contract/**/*.test.ts', ...buildTests],
        },
      },
    ],
  },
})
