// The engine's memory in the browser: one IndexedDB database for each pair of calendars, with one row per link, and
// beside it the few things the page itself remembers. A commit is one transaction: all of it or nothing (IndexedDB §2.7).
//
// The pair with the first calendar is the user's own database; it also knows which calendar is chosen. Another
// calendar is another pair: its links and tokens say nothing of the first one's events, so they never meet.

import type { RunReport, Side } from '../generated/core.ts';
import type { Health } from './due.ts';
import type { CalendarChoice, LinkRow, StateCommit } from '../generated/pkg/blikk_calendar_sync.js';

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
}

/** As far as the store needs to see into it. */
type Head = StateCommit['head'];

const VERSION = 1;

/** Two pairs never share a name, whatever characters their ids are made of. */
export const databaseName = (userId: string, folder: string | null = null): string =>
  folder === null ? `blikk-calendar-sync:${userId}` : `blikk-calendar-sync/folder:${JSON.stringify([userId, folder])}`;

export class Store {
  private constructor(private readonly database: IDBDatabase) {}

  static async open(userId: string, folder: string | null = null): Promise<Store> {
    const opening = indexedDB.open(databaseName(userId, folder), VERSION);
    opening.onupgradeneeded = () => {
      const database = opening.result;
      database.createObjectStore('head');
      const links = database.createObjectStore('links', { keyPath: 'id' });
      // A link without that side has no such key path and is left out of the index.
      links.createIndex('blikk', 'blikk.id');
      links.createIndex('exchange', 'exchange.id');
      database.createObjectStore('page');
    };
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

  async head(): Promise<Head | undefined> {
    return settled<Head | undefined>(this.database.transaction('head').objectStore('head').get('head'));
  }

  async linksOf(side: Side, ids: string[]): Promise<LinkRow[]> {
    const index = this.database.transaction('links').objectStore('links').index(side);
    const found = await Promise.all(ids.map((id) => settled<LinkRow[]>(index.getAll(id))));
    return found.flat();
  }

  async allLinks(): Promise<LinkRow[]> {
    return settled<LinkRow[]>(this.database.transaction('links').objectStore('links').getAll());
  }

  /** False when somebody else has committed since `expectedGeneration` was read; then nothing is written. */
  async commit(commit: StateCommit): Promise<boolean> {
    // "strict": the next request to a server relies on this row being there after a power failure too.
    const transaction = this.database.transaction(['head', 'links'], 'readwrite', { durability: 'strict' });
    const finished = completed(transaction);
    const heads = transaction.objectStore('head');
    const held = await settled<Head | undefined>(heads.get('head'));
    if ((held?.generation ?? 0) !== commit.expectedGeneration) {
      await finished;
      return false;
    }
    const links = transaction.objectStore('links');
    for (const id of commit.remove) links.delete(id);
    for (const link of commit.put) links.put(link);
    heads.put(commit.head, 'head');
    await finished;
    return true;
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

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB request failed'));
  });
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB transaction aborted'));
  });
}
