// The state store, in the browser's own IndexedDB.

import type { Page } from '@playwright/test';
import { expect, test } from './browser.ts';

/** Runs in the page; `path` keeps the bundler of the test from looking for it. */
type StoreModule = typeof import('../src/internal/idb.ts');

const link = (id: string, blikk?: string, exchange?: string): unknown => ({
  id,
  ...(blikk === undefined ? { blikk: null } : { blikk: { id: blikk } }),
  ...(exchange === undefined ? {} : { exchange: { id: exchange } }),
});

async function commit(
  page: Page,
  user: string,
  expectedGeneration: number,
  put: unknown[],
  remove: string[] = [],
): Promise<boolean> {
  return page.evaluate(
    async ([user, expectedGeneration, put, remove]) => {
      const { Store } = (await import(/* @vite-ignore */ `${location.origin}/src/internal/idb.ts`)) as StoreModule;
      const store = await Store.open(user);
      const done = await store.commit({
        expectedGeneration,
        head: { generation: expectedGeneration + 1 },
        clear: false,
        put: put as never,
        remove,
        putOperations: [],
        removeOperations: [],
        putRuns: [],
        putChanges: [],
      });
      store.close();
      return done;
    },
    [user, expectedGeneration, put, remove] as const,
  );
}

async function state(page: Page, user: string): Promise<{ head: unknown; links: unknown[] }> {
  return page.evaluate(async (user) => {
    const { Store } = (await import(/* @vite-ignore */ `${location.origin}/src/internal/idb.ts`)) as StoreModule;
    const store = await Store.open(user);
    const found = { head: await store.head(), links: await store.linksAfter(null, 1000) };
    store.close();
    return found;
  }, user);
}

test('a user who never synchronised has no head and no links', async ({ blank }) => {
  expect(await state(blank, 'anna')).toEqual({ head: undefined, links: [] });
});

test('a commit keeps rows, removals and head together', async ({ blank }) => {
  expect(await commit(blank, 'anna', 0, [link('1', 'b1', 'x1'), link('2', 'b2')])).toBe(true);
  expect(await commit(blank, 'anna', 1, [link('3', undefined, 'x3')], ['1'])).toBe(true);
  expect(await state(blank, 'anna')).toEqual({
    head: { generation: 2 },
    links: [link('2', 'b2'), link('3', undefined, 'x3')],
  });
});

test('a commit on a stale generation writes nothing at all', async ({ blank }) => {
  expect(await commit(blank, 'anna', 0, [link('1', 'b1')])).toBe(true);
  expect(await commit(blank, 'anna', 0, [link('2', 'b2')], ['1'])).toBe(false);
  expect(await state(blank, 'anna')).toEqual({ head: { generation: 1 }, links: [link('1', 'b1')] });
});

test('of two tabs that commit at the same moment one wins and the other is told', async ({ blank, context, vite }) => {
  const other = await context.newPage();
  await other.goto(`${vite}/tests/blank.html`);
  const won = await Promise.all([
    commit(blank, 'anna', 0, [link('1', 'b1')]),
    commit(other, 'anna', 0, [link('2', 'b2')]),
  ]);
  expect([...won].sort()).toEqual([false, true]);
  expect((await state(blank, 'anna')).links).toHaveLength(1);
});

test('links are found by the ids of either side, and unknown ids are left out', async ({ blank }) => {
  await commit(blank, 'anna', 0, [link('1', 'b1', 'x1'), link('2', 'b2'), link('3', undefined, 'x3')]);
  const found = await blank.evaluate(async () => {
    const { Store } = (await import(/* @vite-ignore */ `${location.origin}/src/internal/idb.ts`)) as StoreModule;
    const store = await Store.open('anna');
    const ids = (rows: unknown[]): string[] => rows.map((row) => (row as { id: string }).id);
    return [
      ids(await store.linksOf('blikk', ['b2', 'nobody', 'b1'])),
      ids(await store.linksOf('exchange', ['x3'])),
      ids(await store.linksOf('exchange', [])),
    ];
  });
  expect(found).toEqual([['2', '1'], ['3'], []]);
});

test('two users of one browser know nothing of each other', async ({ blank }) => {
  await commit(blank, 'anna', 0, [link('1', 'b1')]);
  expect((await state(blank, 'björn')).links).toEqual([]);
});

test('each calendar that is chosen has links of its own, and none of them is lost by going back', async ({ blank }) => {
  await commit(blank, 'anna', 0, [link('1', 'b1', 'x1')]);
  const found = await blank.evaluate(async () => {
    const { Store, databaseName } = (await import(
      /* @vite-ignore */ `${location.origin}/src/internal/idb.ts`
    )) as StoreModule;
    const generations: unknown[] = [];
    for (const folder of ['AAMkBlikk=', null, 'AAMkBlikk=']) {
      const own = await Store.open('anna');
      await own.remember('calendar', { folder, name: 'Blikk' });
      own.close();
      const chosen = await Store.openChosen('anna');
      const head = await chosen.store.head();
      generations.push([
        chosen.folder,
        (head as { generation?: number } | undefined)?.generation,
        (await chosen.store.linksAfter(null, 1000)).length,
      ]);
      if (head === undefined)
        await chosen.store.commit({
          expectedGeneration: 0,
          head: { generation: 1 },
          clear: false,
          put: [],
          remove: [],
          putOperations: [],
          removeOperations: [],
          putRuns: [],
          putChanges: [],
        });
      chosen.store.close();
    }
    return { generations, names: [databaseName('a', 'b'), databaseName('a","b', ''), databaseName('a')] };
  });
  expect(found.generations).toEqual([
    ['AAMkBlikk=', undefined, 0],
    [null, 1, 1],
    ['AAMkBlikk=', 1, 0],
  ]);
  expect(new Set(found.names).size).toBe(3);
});

test('the switch and the last report are there after a reload', async ({ blank }) => {
  const remember = async (): Promise<void> => {
    const { Store } = (await import(/* @vite-ignore */ `${location.origin}/src/internal/idb.ts`)) as StoreModule;
    await (await Store.open('anna')).remember('enabled', true);
  };
  await blank.evaluate(remember);
  await blank.reload();
  const enabled = await blank.evaluate(async () => {
    const { Store } = (await import(/* @vite-ignore */ `${location.origin}/src/internal/idb.ts`)) as StoreModule;
    return (await Store.open('anna')).recall('enabled');
  });
  expect(enabled).toBe(true);
});
