// Opens a script of ours, page.js or recheck.js, in headless Chromium and takes its turns there. No server: every request of the page is answered from a
// folder. Usage: node browser.mjs FOLDER SCRIPT (answer.xml, the Wasm and its face lie there)
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { takeTurns } from './peers/turns.mjs';

const require = createRequire(new URL('../www/package.json', import.meta.url));
const { chromium } = require('@playwright/test');

const folder = process.argv[2];
const script = process.argv[3];
const ours = [script, 'turn.mjs'];
const types = {
  js: 'text/javascript',
  mjs: 'text/javascript',
  wasm: 'application/wasm',
  json: 'application/json',
  xml: 'text/xml; charset=utf-8',
};

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
    const path = ours.includes(file) ? new URL(file, import.meta.url) : join(folder, file);
    return route.fulfill({ contentType: types[file.split('.').pop()], body: readFileSync(path) });
  });
  await page.goto('http://bench.localhost/');
  const hello = await page.evaluate(async (script) => (await import(`./${script}`)).hello(), script);
  await takeTurns({ version: browser.version(), ...hello }, (name) =>
    page.evaluate(async ([script, name]) => (await import(`./${script}`)).take(name), [script, name]),
  );
} finally {
  await browser.close();
}
