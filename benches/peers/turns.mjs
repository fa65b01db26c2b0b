// How a contestant that runs in Node takes its turns: as src/turns.rs.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Says `hello` and takes turns until nobody asks any more; `take` takes the turn with the task of that name. */
export async function takeTurns(hello, take) {
  console.log(JSON.stringify(hello));
  for await (const name of createInterface({ input: process.stdin })) console.log(await take(name));
}

/** The version that package.json pins. */
export function versionOf(name) {
  return JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')).dependencies[name];
}
