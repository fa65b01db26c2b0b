// Our reader and writer in Wasm, as shipped, under Node. Usage: node wasm.mjs FOLDER
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { firstTimes, turn } from '../turn.mjs';
import { takeTurns } from './turns.mjs';

const folder = process.argv[2];
const { Events, initSync, readItems } = await import(pathToFileURL(join(folder, 'bench_ews.js')));
initSync({ module: readFileSync(join(folder, 'bench_ews_bg.wasm')) });
const bytes = readFileSync(join(folder, 'answer.xml'));
const events = new Events();

const tasks = { read: () => readItems(bytes).free(), write: () => events.write() };
const first = firstTimes(tasks);
const items = readItems(bytes);
const hello = { version: process.version, first, digest: [...items.digest()], requestBytes: events.write().length };
items.free();
await takeTurns(hello, (name) => turn(tasks[name]));
