// The whole path, by clicks: page, worker, Wasm, gateway and both calendars. `cargo xtask test` starts the servers and
// says where they are.
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  outputDir: 'output',
  // The tests share the two servers, and some make them fail.
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 30_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: 'list',
  use: {
    baseURL: process.env['E2E_BASE'] ?? 'http://127.0.0.1:8420',
    locale: 'sv-SE',
    timezoneId: 'Europe/Stockholm',
    viewport: { width: 1360, height: 1000 },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        // A document to which a test adds a header comes from nowhere, in Chromium's eyes, and may not call 127.0.0.1.
        '--disable-features=LocalNetworkAccessChecks',
      ],
    },
  },
});
