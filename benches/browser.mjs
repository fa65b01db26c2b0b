// Opens page.js in headless Chromium and prints what it measured, as JSON. No server: every request of the page is
// answered from a folder. Usage: node browser.mjs FOLDER (answer.xml, the Wasm and its face lie there)
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';

const require = createRequire(new URL('../www/package.json', import.meta.url));
const { chromium } = require('@playwright/test');

const folder = process.argv[2];
const types = { js: 'text/javascript', wasm: 'application/wasm', xml: 'text/xml; charset=utf-8' };

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-component-update'],
});
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error));
  await page.route('http://bench.localhost/**', (route) => {
    const file = basename(new URL(route.request().url()).pathname);
    if (!file) return route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>bench</title>' });
    const path = file === 'page.js' ? new URL('page.js', import.meta.url) : join(folder, file);
    return route.fulfill({ contentType: types[file.split('.').pop()], body: readFileSync(path) });
  });
  await page.goto('http://bench.localhost/');
  const measured = await page.evaluate(async () => (await import('./page.js')).measure());
  console.log(JSON.stringify({ version: browser.version(), ...measured }));
} finally {
  await browser.close();
}
