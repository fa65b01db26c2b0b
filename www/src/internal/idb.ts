// The engine's memory in the browser: one IndexedDB database for each pair of calendars, with one row per link,
// operation, run and change, and beside them the few things the page itself remembers. A commit is one transaction: all
// of it or nothing (IndexedDB §2.7).
//
// The pair with the first calendar is the user's own database; it also knows which calendar is chosen. Another
// calendar is another pair: its links and tokens say nothing of the first one's events, so they never meet.

import type { RunReport, Side } from '../generated/core.ts';
import type { Health } from './due.ts';
import type { CalendarChoice, IndexRow, LinkRow, StateCommit } from '../generated/pkg/blikk_calendar_sync.js';
import { indexRowOf, StoreFault, storeProblem, type StateStore } from './state-store.ts';

/** What the page remembers, by key. */
export interface PageMemory {
  /** Of the user. */
  enabled: boolean;
  /** Of the user; none, or one without a folder: the first calendar. */
  calendar: CalendarChoice;
  /** Of the pair. */
  lastRun: RunReport;
  /** Of the pair. */
  health: Health;
  /** Of the pair: when the held run ended to which the person said no. */
  declined: string;
  /** Of the pair: what this browser is called among the devices that synchronise it. */
  device: string;
}

/** What the engine forgets when it begins anew; what the page remembers stays. */
const STATE = ['head', 'links', 'operations', 'runs', 'changes'] as const;

/**
 * | | |
 * |---|---|
 * | 1 | head, links and what the page remembers |
 * | 2 | operations, runs and changes |
 */
const VERSION = 2;

/** How many links are held at once while all of them are looked through. */
const LINKS_AT_ONCE = 1000;

/** Two pairs never share a name, whatever characters their ids are made of. */
export const databaseName = (userId: string, folder: string | null = null): string =>
  folder === null ? `blikk-calendar-sync:${userId}` : `blikk-calendar-sync/folder:${JSON.stringify([userId, folder])}`;

export class Store implements StateStore {
  private constructor(private readonly database: IDBDatabase) {}

  static async open(userId: string, folder: string | null = null): Promise<Store> {
    const opening = indexedDB.open(databaseName(userId, folder), VERSION);
    opening.onupgradeneeded = ({ oldVersion }) => upgrade(opening.result, oldVersion);
    const database = await settled(opening);
    // Another tab wants to upgrade or delete: make way at once instead of blocking it.
    database.onversionchange = () => database.close();
    return new Store(database);
  }

  /** The pair that the user has chosen, and its store. */
  static async openChosen(userId: string): Promise<{ store: Store; folder: string | null }> {
    const own = await Store.open(userId);
    const folder = (await own.recall('calendar'))?.folder ?? null;
    if (folder === null) return { store: own, folder };
    own.close();
    return { store: await Store.open(userId, folder), folder };
  }

  close(): void {
    this.database.close();
  }

  async head(): Promise<unknown> {
    return settled(this.rows('head').get('head'));
  }

  async generation(): Promise<number> {
    return generationOf(await this.head());
  }

  async linksOf(side: Side, ids: string[]): Promise<unknown[]> {
    const index = this.rows('links').index(side);
    const found = await Promise.all([...new Set(ids)].map((id) => settled<unknown[]>(index.getAll(id))));
    return found.flat();
  }

  async index(): Promise<IndexRow[]> {
    const links = this.rows('links');
    const index: IndexRow[] = [];
    for (;;) {
      const batch = await settled<LinkRow[]>(links.getAll(after(index.at(-1)?.id ?? null), LINKS_AT_ONCE));
      for (const link of batch) index.push(indexRowOf(link));
      if (batch.length < LINKS_AT_ONCE) return index;
    }
  }

  async linksAfter(id: string | null, limit: number): Promise<unknown[]> {
    // A limit of 0 means "all" to IndexedDB.
    return limit === 0 ? [] : settled(this.rows('links').getAll(after(id), limit));
  }

  async operations(): Promise<unknown[]> {
    return settled(this.rows('operations').getAll());
  }

  async runs(): Promise<unknown[]> {
    return (await settled(this.rows('runs').getAll())).reverse();
  }

  async changesOf(run: number): Promise<unknown[]> {
    return settled(this.rows('changes').getAll(IDBKeyRange.bound([run], [run, []])));
  }

  /** False when somebody else has committed since `expectedGeneration` was read; then nothing is written. */
  async commit(commit: StateCommit): Promise<boolean> {
    // "strict": the next request to a server relies on this row being there after a power failure too.
    const transaction = this.database.transaction(STATE, 'readwrite', { durability: 'strict' });
    const finished = completed(transaction);
    try {
      const heads = transaction.objectStore('head');
      if (generationOf(await settled<unknown>(heads.get('head'))) !== commit.expectedGeneration) {
        await finished;
        return false;
      }
      await write(transaction, commit);
    } catch (error) {
      // One row that cannot be written keeps all others from being written.
      await aborted(transaction, finished);
      throw new StoreFault(storeProblem(error));
    }
    await finished;
    return true;
  }

  private rows(name: (typeof STATE)[number]): IDBObjectStore {
    return this.database.transaction(name).objectStore(name);
  }

  async recall<Key extends keyof PageMemory>(key: Key): Promise<PageMemory[Key] | undefined> {
    return settled<PageMemory[Key] | undefined>(this.database.transaction('page').objectStore('page').get(key));
  }

  async remember<Key extends keyof PageMemory>(key: Key, value: PageMemory[Key]): Promise<void> {
    const transaction = this.database.transaction('page', 'readwrite');
    transaction.objectStore('page').put(value, key);
    await completed(transaction);
  }

  async forget(key: keyof PageMemory): Promise<void> {
    const transaction = this.database.transaction('page', 'readwrite');
    transaction.objectStore('page').delete(key);
    await completed(transaction);
  }
}

function upgrade(database: IDBDatabase, from: number): void {
  if (from < 1) {
    database.createObjectStore('head');
    const links = database.createObjectStore('links', { keyPath: 'id' });
    // A link without that side has no such key path and is left out of the index.
    links.createIndex('blikk', 'blikk.id');
    links.createIndex('exchange', 'exchange.id');
    database.createObjectStore('page');
  }
  if (from < 2) {
    database.createObjectStore('operations', { keyPath: 'id' });
    // Instants are in UTC and whole seconds, so the order of the texts is the order in time.
    database.createObjectStore('runs', { keyPath: 'run' }).createIndex('time', 'started');
    database.createObjectStore('changes', { keyPath: ['run', 'place'] }).createIndex('time', 'at');
  }
}

async function write(transaction: IDBTransaction, commit: StateCommit): Promise<void> {
  const rows = (name: (typeof STATE)[number]): IDBObjectStore => transaction.objectStore(name);
  if (commit.clear) for (const name of STATE) rows(name).clear();
  for (const id of commit.remove) rows('links').delete(id);
  for (const id of commit.removeOperations) rows('operations').delete(id);
  if (commit.forgetBefore !== undefined) {
    const old = IDBKeyRange.upperBound(commit.forgetBefore, true);
    for (const history of [rows('runs'), rows('changes')]) {
      // Known before anything is put, which may be as old.
      const keys = await settled(history.index('time').getAllKeys(old));
      for (const key of keys) history.delete(key);
    }
  }
  for (const link of commit.put) rows('links').put(link);
  for (const operation of commit.putOperations) rows('operations').put(operation);
  for (const run of commit.putRuns) rows('runs').put(run);
  for (const change of commit.putChanges) rows('changes').put(change);
  rows('head').put(commit.head, 'head');
}

/** Further than anybody comes by writing. */
const BEYOND_ALL = 2 ** 52;

/**
 * Whoever never committed is at 0. Of a head that does not even say where it stands nobody knows how far it had come, so
 * it is beyond all that others may have seen, and none of them writes over what comes after it.
 */
function generationOf(head: unknown): number {
  if (head === undefined) return 0;
  const generation = (head as Partial<StateCommit['head']> | null)?.generation;
  return Number.isSafeInteger(generation) && Number(generation) >= 0 ? Number(generation) : BEYOND_ALL;
}

const after = (id: string | null): IDBKeyRange | null => (id === null ? null : IDBKeyRange.lowerBound(id, true));

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new StoreFault(storeProblem(request.error)));
  });
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(new StoreFault(storeProblem(transaction.error)));
  });
}

async function aborted(transaction: IDBTransaction, finished: Promise<void>): Promise<void> {
  try {
    transaction.abort();
  } catch {
    // The browser was faster.
  }
  await finished.catch(() => {});
}
