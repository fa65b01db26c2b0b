// Synchronising by itself: one tab leads, the others take over and show the same; a change is carried over at once;
// nobody hammers. The clock is the test's.

import type { BrowserContext, Page } from '@playwright/test';
import { expect, test } from './browser.ts';
import { listen, place, pretendWorkers, release, remember, type Answers, type Workers } from './card.ts';
import { none, report } from './plans.ts';
import type { BlikkCalendarSync } from '../src/public/sync-element.ts';
import type { Code, RunReport } from '../src/generated/core.ts';

const card = { tag: 'blikk-calendar-sync' } as const;
const wrote = report({ blikk: { ...none, created: 3 } });
const failed = (code: Code): RunReport => report({ outcome: { kind: 'failed', side: 'exchange', problem: { code } } });

interface Tab {
  page: Page;
  workers: Workers;
}

/** A tab with the card, in which a run has just ended. */
async function open(page: Page, vite: string, answers: Answers, attributes = {}): Promise<Tab> {
  await page.clock.install();
  await page.goto(`${vite}/tests/blank.html`);
  const workers = await pretendWorkers(page, answers);
  await remember(page, report());
  await place(page, { ...card, attributes });
  await expect(page.getByText('Allt var redan lika.').last()).toBeVisible();
  return { page, workers };
}

async function openThree(context: BrowserContext, vite: string): Promise<Tab[]> {
  const tabs: Tab[] = [];
  for (let count = 0; count < 3; count++) tabs.push(await open(await context.newPage(), vite, { run: wrote }));
  return tabs;
}

/** One clock for all tabs. What is under way in any of them is over when this ends. */
async function pass([first]: Tab[], minutes: number): Promise<void> {
  await first?.page.clock.fastForward(minutes * 60_000);
  await first?.page.waitForTimeout(300);
}

const runsOf = async (tabs: Tab[]): Promise<number[]> =>
  Promise.all(tabs.map(async ({ workers }) => (await workers.names()).length));

test('of three tabs the one that was opened last synchronises when it is time, and all show the result', async ({
  context,
  vite,
}) => {
  const tabs = await openThree(context, vite);
  const heard = await listen(tabs[0]?.page as Page, 'blikk-sync-elsewhere', 'blikk-sync-finished');
  // The page was opened just after a run.
  await pass(tabs, 0.9);
  expect(await runsOf(tabs)).toEqual([0, 0, 0]);
  await pass(tabs, 0.2);
  for (const { page } of tabs) await expect(page.locator('tr[data-side=blikk] td')).toHaveText(['3', '0', '0']);
  expect(await runsOf(tabs)).toEqual([0, 0, 1]);
  expect((await heard()).map(([name]) => name)).toEqual(['blikk-sync-elsewhere']);
});

test('when the tab that leads is closed, another one takes over', async ({ context, vite }) => {
  const tabs = await openThree(context, vite);
  await tabs.pop()?.page.close();
  await pass(tabs, 5.1);
  for (const { page } of tabs) await expect(page.locator('tr[data-side=blikk] td')).toHaveText(['3', '0', '0']);
  expect((await runsOf(tabs)).reduce((sum, runs) => sum + runs)).toBe(1);
});

test('a page on which nothing shall happen by itself leaves the lead to one that wants it', async ({
  context,
  vite,
}) => {
  const tabs = [
    await open(await context.newPage(), vite, { run: wrote }),
    await open(await context.newPage(), vite, { run: wrote }, { interval: '0' }),
  ];
  await pass(tabs, 5.1);
  expect(await runsOf(tabs)).toEqual([1, 0]);
});

test('the tab that a person turns to leads, and has what is new at once', async ({ context, vite }) => {
  const tabs = await openThree(context, vite);
  await pass(tabs, 1.1);
  await pass(tabs, 2);
  expect(await runsOf(tabs)).toEqual([0, 0, 1]);
  await tabs[0]?.page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await pass(tabs, 0.01);
  expect(await runsOf(tabs)).toEqual([1, 0, 1]);
  await pass(tabs, 5);
  expect(await runsOf(tabs)).toEqual([2, 0, 1]);
});

test('a change that the host reports in any tab is carried over at once, by the tab that leads', async ({
  context,
  vite,
}) => {
  const tabs = await openThree(context, vite);
  await pass(tabs, 1.1);
  await tabs[0]?.page.evaluate(() => (document.querySelector('blikk-calendar-sync') as BlikkCalendarSync).changed());
  await pass(tabs, 0.02);
  expect(await runsOf(tabs)).toEqual([0, 0, 1]);
  await pass(tabs, 0.02);
  expect(await runsOf(tabs)).toEqual([0, 0, 2]);
  // Once.
  await pass(tabs, 1);
  expect(await runsOf(tabs)).toEqual([0, 0, 2]);
});

test('without a network nothing is tried, and when it is back it is made up for', async ({ page, context, vite }) => {
  const tab = await open(page, vite, { run: wrote });
  await context.setOffline(true);
  await pass([tab], 60);
  expect(await runsOf([tab])).toEqual([0]);
  await context.setOffline(false);
  await pass([tab], 0.1);
  await expect(page.locator('tr[data-side=blikk] td')).toHaveText(['3', '0', '0']);
});

test('what fails is tried more and more seldom', async ({ page, vite }) => {
  const tab = await open(page, vite, { run: failed('exchange.unreachable') });
  await pass([tab], 5.1);
  await expect(page.getByRole('button', { name: 'Försök igen' })).toBeVisible();
  const shown = async (runs: number): Promise<void> => {
    await expect.poll(() => runsOf([tab])).toEqual([runs]);
    await expect(page.getByRole('button', { name: 'Försök igen' })).toBeVisible();
  };
  // The waits are 5, 10 and 20 minutes, each up to half as long again.
  await pass([tab], 4.9);
  await shown(1);
  await pass([tab], 2.7);
  await shown(2);
  await pass([tab], 9.9);
  await shown(2);
  await pass([tab], 5.2);
  await shown(3);
});

test('scenario 25: what needs a person is not tried again in a whole day, and then the host is told', async ({
  page,
  vite,
}) => {
  const tab = await open(page, vite, { run: failed('exchange.unauthorized') });
  await pass([tab], 5.1);
  await expect(page.getByText('Exchange godtar inte tjänstekontots inloggning.').last()).toBeVisible();
  const heard = await listen(page, 'blikk-sync-attention');
  for (let hour = 0; hour < 23; hour++) await pass([tab], 60);
  expect(await heard()).toEqual([]);
  await pass([tab], 61);
  await expect(page.getByText(/^Det har aldrig gått att synkronisera\.|^Inte synkroniserad sedan/)).toBeVisible();
  expect(await heard()).toEqual([['blikk-sync-attention', 'stale']]);
  expect(await runsOf([tab])).toEqual([1]);
});

test('a run that waits for a yes is not begun again by itself', async ({ page, vite }) => {
  const held = report({ outcome: { kind: 'held', preview: { ...massless, held: 'tooMany' } } });
  const tab = await open(page, vite, { run: held });
  await pass([tab], 5.1);
  await expect(page.getByText('Vi väntar på ditt ja.').last()).toBeVisible();
  await pass([tab], 24 * 60);
  expect(await runsOf([tab])).toEqual([1]);
});
const massless = { blikk: none, exchange: none, linked: 0, invitations: 0, steps: [] };

// --- Runs that outlive what asked for them ---

test('a host that comes with newer tokens does not end the run that goes on', async ({ page, vite }) => {
  const tab = await open(page, vite, { run: { onRelease: wrote } });
  const heard = await listen(page, 'blikk-sync-finished');
  await page.getByRole('button', { name: 'Synkronisera nu' }).click();
  await expect(page.getByRole('progressbar')).toBeVisible();
  await page.evaluate(() => {
    const element = document.querySelector('blikk-calendar-sync') as BlikkCalendarSync;
    element.host = { ...(element.host as NonNullable<typeof element.host>), getBlikkToken: () => 'newer' };
  });
  await expect(page.getByRole('progressbar')).toBeVisible();
  await release(page);
  await expect(page.locator('tr[data-side=blikk] td')).toHaveText(['3', '0', '0']);
  expect(await heard()).toHaveLength(1);
  expect(await runsOf([tab])).toEqual([1]);
});

test('whoever waits for the end of a run hears of it also when the element is gone', async ({ page, vite }) => {
  await open(page, vite, { run: { onRelease: wrote } });
  await page.getByRole('button', { name: 'Synkronisera nu' }).click();
  await expect(page.getByRole('progressbar')).toBeVisible();
  const ended = page.evaluate(() => {
    const element = document.querySelector('blikk-calendar-sync') as BlikkCalendarSync;
    const events: string[] = [];
    for (const name of ['blikk-sync-finished', 'blikk-sync-error'] as const)
      element.addEventListener(name, () => events.push(name));
    element.remove();
    return element.sync().then(({ outcome }) => [outcome.kind, ...events], String);
  });
  await release(page);
  expect(await ended).toEqual(['done', 'blikk-sync-finished']);
});

test('an element that is only moved goes on with its run', async ({ page, vite }) => {
  await open(page, vite, { run: { onRelease: wrote } });
  await page.getByRole('button', { name: 'Synkronisera nu' }).click();
  await expect(page.getByRole('progressbar')).toBeVisible();
  await page.evaluate(() => document.body.prepend(document.querySelector('blikk-calendar-sync') as Element));
  await expect(page.getByRole('progressbar')).toBeVisible();
  await release(page);
  await expect(page.locator('tr[data-side=blikk] td')).toHaveText(['3', '0', '0']);
});

// --- Pages without the element ---

test('a page without the element synchronises too, tells the host, and stops when told', async ({ page, vite }) => {
  await page.clock.install();
  await page.goto(`${vite}/tests/blank.html`);
  const workers = await pretendWorkers(page, { run: report({ asking: 2 }) });
  await remember(page, report());
  await page.evaluate(async () => {
    const file = `${location.origin}/src/public/blikk-auto-sync.ts`;
    const { startAutoSync } = (await import(
      /* @vite-ignore */ file
    )) as typeof import('../src/public/blikk-auto-sync.ts');
    const told: unknown[] = [];
    const host = {
      userId: 'anna',
      mailbox: 'anna@konsult.example',
      getBlikkToken: () => 'b',
      getGatewayToken: () => 'g',
    };
    const sync = startAutoSync(host, {
      onReport: ({ asking }) => told.push(asking),
      onAttention: (attention) => told.push(attention),
    });
    Object.assign(window, { sync, told });
  });
  const told = (): Promise<unknown[]> => page.evaluate(() => (window as unknown as { told: unknown[] }).told);
  const act = (name: 'changed' | 'stop'): Promise<void> =>
    page.evaluate((name) => (window as unknown as { sync: Record<typeof name, () => void> }).sync[name](), name);
  expect(await page.evaluate(() => customElements.get('blikk-calendar-sync'))).toBeUndefined();
  // Until what is remembered has been read, nothing is due.
  await page.waitForTimeout(200);
  await act('changed');
  await page.clock.fastForward(2100);
  await expect.poll(told).toEqual([2, 'questions']);
  await act('stop');
  await act('changed');
  await page.clock.fastForward(3_600_000);
  expect(await workers.names()).toEqual(['run']);
});

test('a page without the element leaves the calendars alone while the switch is off', async ({ page, vite }) => {
  await page.clock.install();
  await page.goto(`${vite}/tests/blank.html`);
  const workers = await pretendWorkers(page, { run: wrote });
  await remember(page, report(), false);
  await place(page, card);
  await expect(page.getByRole('switch')).toHaveAttribute('aria-checked', 'false');
  await page.evaluate(() => (document.querySelector('blikk-calendar-sync') as BlikkCalendarSync).changed());
  await page.clock.fastForward(3_600_000);
  expect(await workers.names()).toEqual([]);
});
