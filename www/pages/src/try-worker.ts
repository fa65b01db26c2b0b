// Plays seeds beside the page, a few at a time, so that it can be stopped between them.

import initialise, { playSeeds, tellSeed } from '../../src/generated/simulation/simulation.js';

/** What was tried in some seeds, and what went wrong. */
export interface Played {
  seeds: number;
  deeds: Record<string, number>;
  faults: Record<string, number>;
  engine: Record<string, number>;
  failures: { seed: number; complaint: string }[];
}

export type Request = { kind: 'play'; from: number } | { kind: 'stop' } | { kind: 'tell'; seed: number };

export type Answer =
  { kind: 'played'; next: number; played: Played } | { kind: 'told'; seed: number; story: string } | { kind: 'broken' };

const AT_A_TIME = 50;

const post = (answer: Answer): void => self.postMessage(answer);
const isReady = initialise();
let turn = 0;

async function play(from: number): Promise<void> {
  const mine = ++turn;
  await isReady;
  for (let next = from; mine === turn;) {
    const played = JSON.parse(playSeeds(next, AT_A_TIME)) as Played;
    next += AT_A_TIME;
    post({ kind: 'played', next, played });
    // Lets a message in.
    await new Promise((resolve) => setTimeout(resolve));
  }
}

async function tell(seed: number): Promise<void> {
  await isReady;
  post({ kind: 'told', seed, story: tellSeed(seed) });
}

self.addEventListener('message', ({ data }: MessageEvent<Request>) => {
  if (data.kind === 'stop') turn += 1;
  else (data.kind === 'play' ? play(data.from) : tell(data.seed)).catch(() => post({ kind: 'broken' }));
});
