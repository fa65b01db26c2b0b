// The contract of the state stores, in a browser: the cases are those of `tests/store_contract/`, which hold the core's
// own stores too. Once with IndexedDB, and once with a gateway that keeps its state in SQLite.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import type { StateCommit } from '../src/generated/pkg/blikk_calendar_sync.js';
import { expect, test } from './browser.ts';
import { startGateway, tokenOf, type RunningGateway } from './gateway.ts';

type Asking = 'head' | 'generation' | 'linksOf' | 'index' | 'linksAfter' | 'operations' | 'runs' | 'changesOf';
type Step =
  | { commit: StateCommit; answer: 'written' | 'stale' }
  /** Its head is none of ours. */
  | { asItIs: StateCommit; answer: 'written' | 'stale' }
  | { ask: Asking; of?: unknown[]; answer: unknown }
  | { race: [StateCommit, StateCommit]; outcomes: unknown[] };
interface Case {
  name: string;
  steps: Step[];
}

const FILE = fileURLToPath(new URL('../../tests/store_contract/cases.json', import.meta.url));

function cases(): Case[] {
  const file = JSON.parse(readFileSync(FILE, 'utf8')) as { templates: Record<string, unknown>; cases: unknown };
  const expanded = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(expanded);
    if (typeof value !== 'object' || value === null) return value;
    const { $like, $repeat, ...own } = value as { $like?: string; $repeat?: [string, number] };
    if ($repeat !== undefined) return $repeat[0].repeat($repeat[1]);
    const template = $like === undefined ? {} : (expanded(file.templates[$like]) as object);
    return { ...template, ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name, expanded(value)])) };
  };
  return expanded(file.cases) as Case[];
}

/** Where the state is: in this browser, or in a gateway for the person of that token. */
type Place = { gateway: string; token: string } | null;

/** What the store answers to each step. */
async function answers(page: Page, place: Place, steps: Step[]): Promise<unknown[]> {
  return page.evaluate(
    async ([place, steps]) => {
      const from = <T>(path: string): Promise<T> =>
        import(/* @vite-ignore */ `${location.origin}/src/internal/${path}`);
      const { Store } = await from<typeof import('../src/internal/idb.ts')>('idb.ts');
      const { RemoteStore } = await from<typeof import('../src/internal/remote-store.ts')>('remote-store.ts');
      const { sender } = await from<typeof import('../src/internal/http.ts')>('http.ts');
      const hold = async () => {
        if (place === null) return Store.open('anna');
        const addresses = { gateway: place.gateway, blikk: '' };
        const send = sender(addresses, async () => place.token, new AbortController().signal);
        return new RemoteStore(send, null, async () => {});
      };
      const [store, other] = [await hold(), await hold()];
      const inOrder = (rows: unknown[]): unknown[] => (rows as { id: string }[]).sort((a, b) => (a.id < b.id ? -1 : 1));
      const word = (isWritten: boolean): string => (isWritten ? 'written' : 'stale');
      const seen: unknown[] = [];
      for (const step of steps) {
        if ('commit' in step) {
          seen.push(word(await store.commit(step.commit)));
        } else if ('asItIs' in step) {
          seen.push(word(await store.commit(step.asItIs)));
        } else if ('race' in step) {
          const [one, two] = step.race;
          const words = await Promise.all([store.commit(one), other.commit(two)]);
          seen.push({ words: words.map(word).sort(), after: [await store.head(), await store.linksAfter(null, 10)] });
        } else {
          const of = (step.of ?? []) as [never, never];
          switch (step.ask) {
            case 'head':
              seen.push((await store.head()) ?? null);
              break;
            case 'generation':
              seen.push(await store.generation());
              break;
            case 'linksOf':
              seen.push(inOrder(await store.linksOf(...of)));
              break;
            case 'index':
              seen.push(inOrder(await store.index()));
              break;
            case 'linksAfter':
              seen.push(await store.linksAfter(...of));
              break;
            case 'operations':
              seen.push(await store.operations());
              break;
            case 'runs':
              seen.push(await store.runs());
              break;
            case 'changesOf':
              seen.push(await store.changesOf(of[0]));
              break;
          }
        }
      }
      return seen;
    },
    [place, steps] as const,
  );
}

async function holds(page: Page, place: Place, { steps }: Case): Promise<void> {
  const seen = await answers(page, place, steps);
  for (const [at, step] of steps.entries()) {
    if ('race' in step) {
      const { words, after } = seen[at] as { words: string[]; after: unknown };
      expect(words).toEqual(['stale', 'written']);
      expect(step.outcomes).toContainEqual(after);
    } else {
      expect(seen[at], `step ${at}`).toEqual(step.answer);
    }
  }
}

for (const one of cases()) {
  test(`IndexedDB: ${one.name}`, async ({ blank }) => holds(blank, null, one));
}

test.describe('with a gateway', () => {
  let gateway: RunningGateway | undefined;
  test.beforeAll(async ({ vite }) => {
    gateway = await startGateway(vite);
  });
  test.afterAll(() => gateway?.stop());

  for (const one of cases()) {
    test(`the gateway: ${one.name}`, async ({ blank }) => {
      test.skip(gateway === undefined, 'the gateway is not built');
      if (gateway === undefined) return;
      await holds(blank, { gateway: gateway.url, token: tokenOf(one.name.slice(0, 100)) }, one);
    });
  }
});
