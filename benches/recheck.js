// A full reading of both calendars in the page's Wasm, as src/bin/recheck.rs does it natively: the calendars are computed in
// the Wasm, the index is the gateway's answer and crosses the boundary that the plugin has.
import init, { recheck } from './bench_ews.js';

const wasm = await init();
const [head, index] = await Promise.all(
  ['head', 'index'].map(async (name) => (await fetch(`./${name}.json`)).text()),
);
const links = JSON.parse(head).linked;
const none = async () => [];
let commits = 0;
const host = {
  head: async () => JSON.parse(head),
  index: async () => JSON.parse(index),
  linksOf: none,
  linksAfter: none,
  operations: none,
  runs: none,
  changesOf: none,
  commit: async () => {
    commits += 1;
    return true;
  },
  now: () => Date.now(),
  random: () => crypto.getRandomValues(new Uint8Array(16)),
  progress: () => {},
};

const TASKS = {
  async recheck() {
    commits = 0;
    const started = performance.now();
    await recheck(host, links);
    const milliseconds = performance.now() - started;
    if (commits !== 1) throw new Error(`the tokens are remembered once, not ${commits} times`);
    return milliseconds;
  },
  /** The Wasm's memory never shrinks: what it is, is the most that it was. */
  mebibytes: async () => wasm.memory.buffer.byteLength / 2 ** 20,
};

export const take = (name) => TASKS[name]();

export const hello = () => ({ digest: [links] });
