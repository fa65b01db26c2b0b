// The user's card on an empty page, with what it remembers, and workers that answer as a test wants them to.

import type { Page } from '@playwright/test';
import type { Problem, RunReport } from '../src/generated/core.ts';
import type { CalendarChoice } from '../src/generated/pkg/blikk_calendar_sync.js';
import type { Health } from '../src/internal/due.ts';
import type { RunErrand } from '../src/internal/memory.ts';
import type { Errand, ErrandName, FromWorker, Gives } from '../src/internal/messages.ts';

interface Wish {
  tag: 'blikk-calendar-sync' | 'blikk-calendar-integration';
  attributes?: Record<string, string>;
  user?: string;
}

/** Puts the element on the page with a host; the plugin's script comes last, as it may in life. */
export async function place(page: Page, { tag, attributes = {}, user = 'anna' }: Wish): Promise<void> {
  await page.evaluate(
    async ([tag, attributes, user]) => {
      const element = document.createElement(tag) as HTMLElement & { host?: unknown };
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      document.body.append(element);
      if (user !== '')
        element.host = {
          userId: user,
          mailbox: 'anna@konsult.example',
          getBlikkToken: () => 'b',
          getGatewayToken: () => 'g',
        };
      await import(/* @vite-ignore */ `${location.origin}/src/public/blikk-calendar-sync.ts`);
    },
    [tag, attributes, user] as const,
  );
}

export async function remember(page: Page, lastRun: RunReport, enabled = true, health?: Health): Promise<void> {
  await page.evaluate(
    async ([lastRun, enabled, health]) => {
      const { Store } = (await import(
        /* @vite-ignore */ `${location.origin}/src/internal/idb.ts`
      )) as typeof import('../src/internal/idb.ts');
      const store = await Store.open('anna');
      await store.remember('lastRun', lastRun);
      await store.remember('enabled', enabled);
      if (health !== undefined) await store.remember('health', health);
      store.close();
    },
    [lastRun, enabled, health] as const,
  );
}

/** As if this calendar had been chosen, and last run so. */
export async function choose(
  page: Page,
  calendar: CalendarChoice & { folder: string },
  lastRun: RunReport,
): Promise<void> {
  await page.evaluate(
    async ([calendar, lastRun]) => {
      const { Store } = (await import(
        /* @vite-ignore */ `${location.origin}/src/internal/idb.ts`
      )) as typeof import('../src/internal/idb.ts');
      const own = await Store.open('anna');
      await own.remember('calendar', calendar);
      await own.remember('enabled', true);
      own.close();
      const pair = await Store.open('anna', calendar.folder);
      await pair.remember('lastRun', lastRun);
      pair.close();
    },
    [calendar, lastRun] as const,
  );
}

/** What an errand gives: the same each time, one after the other, when the test says so, or why not. */
type Told<Result> = Result | { inTurn: Result[] } | { onRelease: Result } | { broken: Problem };

/** What pretended workers say, by errand. */
export type Answers = { [Name in ErrandName]?: Told<Gives<Name>> };

/** Lets what waits for it (`onRelease`) go on. */
export const release = (page: Page): Promise<boolean> =>
  page.evaluate(() => window.dispatchEvent(new Event('release')));

export interface Workers {
  /** The errands that workers were started for. */
  errands(): Promise<Errand[]>;
  names(): Promise<ErrandName[]>;
}

/** Workers that answer as told, in the place of the page's own, and keep of a run what those would keep. */
export async function pretendWorkers(page: Page, answers: Answers): Promise<Workers> {
  await page.evaluate(async (answers) => {
    const load = (file: string): Promise<unknown> =>
      import(/* @vite-ignore */ `${location.origin}/src/internal/${file}`);
    const { Store } = (await load('idb.ts')) as typeof import('../src/internal/idb.ts');
    const { rememberRun } = (await load('memory.ts')) as typeof import('../src/internal/memory.ts');
    const errands: Errand[] = [];
    const has = <Key extends string>(told: unknown, key: Key): told is Record<Key, unknown> =>
      told !== null && typeof told === 'object' && key in told;
    const resultOf = async (told: unknown): Promise<unknown> => {
      if (has(told, 'inTurn')) {
        const results = told.inTurn as unknown[];
        return results.length > 1 ? results.shift() : results[0];
      }
      if (!has(told, 'onRelease')) return told;
      await new Promise((resolve) => window.addEventListener('release', resolve, { once: true }));
      return told.onRelease;
    };
    const answerTo = async (errand: Errand): Promise<FromWorker> => {
      const told: unknown = answers[errand.name];
      if (told === undefined) throw new Error(`nobody told what ${errand.name} gives`);
      if (has(told, 'broken')) return { kind: 'broken', problem: told.broken as Problem };
      const result = await resultOf(told);
      if (!has(result, 'outcome')) return { kind: 'done', result: result as Gives<ErrandName> };
      // A run ends now, on the clock of the page.
      const now = new Date().toISOString();
      const report = { ...result, started: now, ended: now } as unknown as RunReport;
      const { store } = await Store.openChosen('anna');
      await rememberRun(store, errand.name as RunErrand, report);
      store.close();
      return { kind: 'done', result: report };
    };
    class Pretended extends EventTarget {
      onmessage: ((event: { data: unknown }) => void) | null = null;
      postMessage({ errand }: { errand?: Errand }): void {
        if (errand === undefined) return;
        errands.push(errand);
        void answerTo(errand).then((data) => this.onmessage?.({ data }));
      }
      terminate(): void {}
    }
    Object.assign(window, { errands, Worker: Pretended });
  }, answers);
  const errands = (): Promise<Errand[]> => page.evaluate(() => (window as unknown as { errands: Errand[] }).errands);
  return { errands, names: async () => (await errands()).map(({ name }) => name) };
}

/** What the host hears, in order. */
export async function listen(page: Page, ...names: string[]): Promise<() => Promise<[string, unknown][]>> {
  await page.evaluate((names) => {
    const heard: [string, unknown][] = [];
    Object.assign(window, { heard });
    for (const name of names)
      document.addEventListener(name, (event) => heard.push([name, (event as CustomEvent<unknown>).detail]));
  }, names);
  return () => page.evaluate(() => (window as unknown as { heard: [string, unknown][] }).heard);
}
