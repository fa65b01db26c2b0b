// The state store, in the browser's own IndexedDB: what it has beside the contract (`store-contract.spec.ts`).

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

test('a database of before there was a journal is taken over with all that is in it', async ({ blank }) => {
  await blank.evaluate(async () => {
    const opening = indexedDB.open('blikk-calendar-sync:anna', 1);
    opening.onupgradeneeded = () => {
      const database = opening.result;
      database.createObjectStore('head');
      const links = database.createObjectStore('links', { keyPath: 'id' });
      links.createIndex('blikk', 'blikk.id');
      links.createIndex('exchange', 'exchange.id');
      database.createObjectStore('page');
    };
    const database = await new Promise<IDBDatabase>((resolve) => {
      opening.onsuccess = () => resolve(opening.result);
    });
    const transaction = database.transaction(['head', 'links', 'page'], 'readwrite');
    transaction.objectStore('head').put({ format: 1, generation: 7, exchangeToken: 'H4sI' }, 'head');
    transaction.objectStore('links').put({ id: '1', blikk: { id: 'b1', version: '1' }, exchange: null });
    transaction.objectStore('page').put(true, 'enabled');
    await new Promise((resolve) => (transaction.oncomplete = resolve));
    // Another tab with the code of then makes way.
    database.onversionchange = () => database.close();
  });
  const found = await blank.evaluate(async () => {
    const { Store } = (await import(/* @vite-ignore */ `${location.origin}/src/internal/idb.ts`)) as StoreModule;
    const store = await Store.open('anna');
    const before = [await store.head(), await store.linksOf('blikk', ['b1']), await store.recall('enabled')];
    const isWritten = await store.commit({
      expectedGeneration: 7,
      head: { generation: 8 },
      clear: false,
      put: [],
      remove: [],
      putOperations: [{ id: '0000000001-000000' }],
      removeOperations: [],
      putRuns: [],
      putChanges: [{ run: 1, place: 0, at: '2027-01-11T08:00:00Z' }],
    });
    return { before, isWritten, after: [await store.operations(), await store.changesOf(1), await store.index()] };
  });
  expect(found.before).toEqual([
    { format: 1, generation: 7, exchangeToken: 'H4sI' },
    [{ id: '1', blikk: { id: 'b1', version: '1' }, exchange: null }],
    true,
  ]);
  expect(found.isWritten).toBe(true);
  expect(found.after).toEqual([
    [{ id: '0000000001-000000' }],
    [{ run: 1, place: 0, at: '2027-01-11T08:00:00Z' }],
    [{ id: '1', blikk: 'b1', blikkVersion: '1', exchange: null, exchangeVersion: null }],
  ]);
});

/** The code with which something fails. */
async function codeOf(page: Page, what: 'open' | 'index' | 'commit' | 'large'): Promise<string | undefined> {
  return page.evaluate(async (what) => {
    const { Store } = (await import(/* @vite-ignore */ `${location.origin}/src/internal/idb.ts`)) as StoreModule;
    const { storeProblem } = (await import(
      /* @vite-ignore */ `${location.origin}/src/internal/state-store.ts`
    )) as typeof import('../src/internal/state-store.ts');
    const body = what === 'large' ? 'x'.repeat(20_000_000) : '';
    try {
      const store = await Store.open('anna');
      if (what === 'index') await store.index();
      if (what === 'commit' || what === 'large')
        await store.commit({
          expectedGeneration: 0,
          head: { generation: 1 },
          clear: false,
          put: [{ id: '1', blikk: { id: 'b1', version: '1' }, exchange: null, state: 'active', body }] as never,
          remove: [],
          putOperations: [],
          removeOperations: [],
          putRuns: [],
          // Without its key it cannot be put.
          putChanges: what === 'commit' ? ([{ run: 1 }] as never) : [],
        });
      return undefined;
    } catch (error) {
      return storeProblem(error).code;
    }
  }, what);
}

test('a database that a newer page wrote is left alone', async ({ blank }) => {
  await blank.evaluate(async () => {
    const opening = indexedDB.open('blikk-calendar-sync:anna', 99);
    await new Promise((resolve) => (opening.onsuccess = resolve));
    opening.result.close();
  });
  expect(await codeOf(blank, 'open')).toBe('store.newer');
});

test('a browser without room says so, and nothing of the commit is kept', async ({ blank, vite }) => {
  expect(await codeOf(blank, 'open')).toBeUndefined();
  const devtools = await blank.context().newCDPSession(blank);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: vite, quotaSize: 1_000_000 });
  expect(await codeOf(blank, 'large')).toBe('store.full');
  expect(await state(blank, 'anna')).toEqual({ head: undefined, links: [] });
});

test('a row that cannot be written keeps all others from being written', async ({ blank }) => {
  expect(await codeOf(blank, 'commit')).toBe('store.failed');
  expect(await state(blank, 'anna')).toEqual({ head: undefined, links: [] });
});

for (const side of [{ id: 7 }, 'b1', { id: 'b1' }, true]) {
  test(`a link whose side is ${JSON.stringify(side)} is not taken for one that has lost it`, async ({ blank }) => {
    await commit(blank, 'anna', 0, [{ id: '1', blikk: side, exchange: null, state: 'active' }]);
    expect(await codeOf(blank, 'index')).toBe('store.unreadable');
  });
}

for (const head of [null, 'head', {}, { generation: '7' }, { generation: 1.5 }, { generation: -1 }]) {
  test(`the head ${JSON.stringify(head)} is beyond all that anybody has seen, and whoever clears it goes on from there`, async ({
    blank,
  }) => {
    await commit(blank, 'anna', 0, [link('1', 'b1')]);
    const seen = await blank.evaluate(async (head) => {
      const { Store } = (await import(/* @vite-ignore */ `${location.origin}/src/internal/idb.ts`)) as StoreModule;
      const opening = indexedDB.open('blikk-calendar-sync:anna');
      await new Promise((resolve) => (opening.onsuccess = resolve));
      const transaction = opening.result.transaction('head', 'readwrite');
      transaction.objectStore('head').put(head, 'head');
      await new Promise((resolve) => (transaction.oncomplete = resolve));
      opening.result.close();
      const store = await Store.open('anna');
      const nothing = { put: [], remove: [], putOperations: [], removeOperations: [], putRuns: [], putChanges: [] };
      const from = (expectedGeneration: number): Promise<boolean> =>
        store.commit({ expectedGeneration, head: { generation: expectedGeneration + 1 }, clear: true, ...nothing });
      const generation = await store.generation();
      const written = [await from(0), await from(1), await from(generation), await from(1)];
      const after = [(await store.generation()) - generation, await store.index()];
      store.close();
      return { isFar: generation > 1e12 && Number.isSafeInteger(generation + 1e12), written, after };
    }, head);
    expect(seen).toEqual({ isFar: true, written: [false, false, true, false], after: [1, []] });
  });
}
