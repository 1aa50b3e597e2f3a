import { defineConfig } from '@playwright/test';

const isContinuousIntegration = Boolean(process.env['CI']);

/** What keeps Chromium from talking to anybody but the server under test. */
const quiet = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
];
/** Chromium's sandbox does not work for root, as containers have it. */
const unconfined = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/**
 * Every journey is driven twice: `hydrated`, and `no-javascript`.
 *
 * What only exists with JavaScript is in `*.hydrated.spec.ts`. What needs no browser is in `*.http.spec.ts` and runs
 * once, with those who have no JavaScript.
 */
export default defineConfig({
  testDir: 'tests',
  fullyParallel: true,
  workers: 2,
  forbidOnly: isContinuousIntegration,
  retries: isContinuousIntegration ? 1 : 0,
  reporter: 'list',
  expect: { timeout: 10_000 },
  use: {
    locale: 'en-GB',
    timezoneId: 'UTC',
    trace: 'on-first-retry',
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      // Set by `make test`. Without it, Playwright takes the browser that it has installed itself.
      executablePath: process.env['CHROMIUM'] || undefined,
      args: [...quiet, ...unconfined],
    },
  },
  projects: [
    { name: 'hydrated', testIgnore: '**/*.http.spec.ts' },
    { name: 'no-javascript', testIgnore: '**/*.hydrated.spec.ts', use: { javaScriptEnabled: false } },
  ],
});
