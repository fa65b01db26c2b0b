// A signed-in person in front of the page, with both calendars at hand.

import { expect, test as base, type Locator, type Page } from '@playwright/test';
import { Blikk, heal, newPerson, outbox, Outlook, type Person } from './calendars.ts';

export { expect };

interface Fixtures {
  person: Person;
  blikk: Blikk;
  outlook: Outlook;
  /** Whether the pages synchronise without a click; else what a test does not do does not happen. */
  byItself: boolean;
  /** Checked after each test: nothing that we do ever sends a mail. */
  noMail: undefined;
}

export const test = base.extend<Fixtures>({
  byItself: [false, { option: true }],
  context: async ({ context, byItself }, use) => {
    if (!byItself)
      await context.addInitScript(() => {
        if (location.protocol === 'http:') localStorage.setItem('blikk-demo-by-itself', 'no');
      });
    await use(context);
  },
  person: async ({}, use) => use(await newPerson()),
  blikk: async ({ person }, use) => use(new Blikk(person)),
  outlook: async ({ person }, use) => use(new Outlook(person)),
  noMail: [
    async ({}, use) => {
      await use(undefined);
      await heal();
      expect(await outbox(), 'mails that Exchange would have sent').toEqual([]);
    },
    { auto: true },
  ],
});

/** Signs in and goes where the help article says: the name at the upper right, then Inställningar. */
export async function openSettings(page: Page, person: Pick<Person, 'email' | 'password' | 'name'>): Promise<Locator> {
  await signIn(page, person);
  await page.getByRole('link', { name: 'Kalender' }).click();
  await page.locator('summary', { hasText: person.name }).click();
  await page.getByRole('link', { name: 'Inställningar' }).click();
  await expect(page.getByRole('heading', { name: 'Inställningar' })).toBeVisible();
  return plugin(page);
}

/** Another tab of somebody who is signed in. */
export async function openAgain(page: Page): Promise<void> {
  await page.goto('/#/installningar');
  await expect(theSwitch(page)).toHaveAttribute('aria-disabled', 'false');
}

export async function signIn(page: Page, { email, password }: Pick<Person, 'email' | 'password'>): Promise<void> {
  await page.goto('/');
  await page.getByLabel('E-postadress').fill(email);
  await page.getByLabel('Lösenord').fill(password);
  await page.getByRole('button', { name: 'Logga in', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Inställningar' })).toBeVisible();
}

export const plugin = (page: Page): Locator => page.locator('blikk-calendar-sync');

export const theSwitch = (page: Page): Locator =>
  page.getByRole('switch', { name: /Synkronisera min kalender|Synchronise my calendar/ });

/** Clicks, and waits for the run that this starts to end. Gives its report. */
export async function synchronise(page: Page): Promise<Report> {
  const on = (await theSwitch(page).getAttribute('aria-checked')) === 'true';
  const button = on
    ? plugin(page).getByRole('button', { name: /Synkronisera nu|Försök igen|Synchronise now|Try again/ })
    : theSwitch(page);
  const finished = nextReport(page);
  await button.click();
  return finished;
}

export interface Report {
  outcome: { kind: string; problem?: { code: string } };
  blikk: { created: number; updated: number; deleted: number };
  exchange: { created: number; updated: number; deleted: number };
  linked: number;
  asking: number;
  notSynchronised: Record<string, number>;
  notes: unknown[];
}

/** The report of the next run that ends on this page. */
export function nextReport(page: Page): Promise<Report> {
  return page.evaluate(
    () =>
      new Promise<Report>((resolve) =>
        document.addEventListener('blikk-sync-finished', (event) => resolve((event as CustomEvent<Report>).detail), {
          once: true,
        }),
      ),
  );
}

/** For people to look at, in tests/e2e/output. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${test.info().project.outputDir}/${name}.png`, fullPage: true });
}

/** A day of the coming week, so that neither a window nor the past is in the way. */
export function day(offset: number, time?: string): { dateTime: string; timeZone: string } | { date: string } {
  const date = new Date(Date.now() + (7 + offset) * 86_400_000).toISOString().slice(0, 10);
  return time === undefined ? { date } : { dateTime: `${date}T${time}:00Z`, timeZone: 'Europe/Stockholm' };
}
