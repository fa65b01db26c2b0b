// The engine's memory in the browser: one IndexedDB database per user, with one row per link, and beside it the few
// things the page itself remembers. A commit is one transaction: all of it or nothing (IndexedDB §2.7).

import type { RunReport, Side } from '../generated/core.ts';
import type { LinkRow, StateCommit } from '../generated/pkg/blikk_calendar_sync.js';

/** What the page remembers, by key. */
export interface PageMemory {
  enabled: boolean;
  lastRun: RunReport;
}

/** As far as the store needs to see into it. */
type Head = StateCommit['head'];

const VERSION = 1;

export const databaseName = (userId: string): string => `blikk-calendar-sync:${userId}`;

export class Store {
  private constructor(private readonly database: IDBDatabase) {}

  static async open(userId: string): Promise<Store> {
    const opening = indexedDB.open(databaseName(userId), VERSION);
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
