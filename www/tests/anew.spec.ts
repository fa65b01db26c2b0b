// What the card says when the state cannot be kept or read, and beginning anew.

import type { Page } from '@playwright/test';
import { expect, test } from './browser.ts';
import { place, pretendWorkers, remember } from './card.ts';
import { report } from './plans.ts';

const card = { tag: 'blikk-calendar-sync' } as const;
const inEnglish = { ...card, attributes: { lang: 'en' } };
const button = (page: Page, name: string) => page.getByRole('button', { name });

for (const code of ['store.full', 'store.newer', 'store.failed'] as const)
  test(`${code} says what to do, and that nothing is lost`, async ({ blank }) => {
    await pretendWorkers(blank, { run: { broken: { code } } });
    await remember(blank, report());
    await place(blank, card);
    await button(blank, 'Synkronisera nu').click();
    await expect(blank.locator('code')).toHaveText(code);
    await expect(button(blank, 'Försök igen')).toBeVisible();
  });

const unreadable = { broken: { code: 'store.unreadable' } } as const;

test('a state that cannot be read can be begun anew, after what that means was said', async ({ blank }) => {
  const workers = await pretendWorkers(blank, { run: unreadable, beginAnew: 120 });
  await remember(blank, report());
  await place(blank, card);
  await button(blank, 'Synkronisera nu').click();
  await expect(blank.locator('code')).toHaveText('store.unreadable');
  await button(blank, 'Börja om …').focus();
  await blank.keyboard.press('Enter');
  const asked = blank.getByRole('region', { name: 'Börja om?' });
  await expect(asked).toContainText('Inget tas bort i någon av kalendrarna.');
  await expect(asked).toContainText('nästa synkronisering känner igen dem så att inget dubbleras.');
  await expect(button(blank, 'Nej')).toBeFocused();
  await blank.keyboard.press('Enter');
  await expect(asked).toHaveCount(0);
  await expect(button(blank, 'Börja om …')).toBeFocused();
  expect(await workers.names()).toEqual(['run']);

  await blank.keyboard.press('Enter');
  await button(blank, 'Ja, börja om').click();
  await expect(asked).toContainText(/Klart\. Nästa synkronisering kan börja \d\d:\d\d:\d\d\./);
  await expect(blank.locator('code')).toHaveCount(0);
  expect(await workers.errands()).toEqual([{ name: 'run' }, { name: 'beginAnew', busyTitle: 'Upptagen' }]);

  // What the former run ended with is not told again.
  await blank.reload();
  await pretendWorkers(blank, { run: report() });
  await place(blank, card);
  await expect(button(blank, 'Synkronisera nu')).toBeVisible();
  await expect(blank.locator('code')).toHaveCount(0);
});

test('a beginning anew that fails says why, and can be tried again', async ({ blank }) => {
  const workers = await pretendWorkers(blank, { run: unreadable, beginAnew: { broken: { code: 'store.stale' } } });
  await remember(blank, report());
  await place(blank, inEnglish);
  await button(blank, 'Synchronise now').click();
  await button(blank, 'Begin anew …').click();
  await button(blank, 'Yes, begin anew').click();
  await expect(blank.getByRole('alert')).toContainText('Another tab or computer synchronised at the same time.');
  await button(blank, 'Yes, begin anew').click();
  await expect(blank.getByRole('alert')).toContainText('store.stale');
  expect(await workers.names()).toEqual(['run', 'beginAnew', 'beginAnew']);
});

test('a run that goes well after all leaves nothing to begin anew', async ({ blank }) => {
  await pretendWorkers(blank, { run: unreadable });
  await remember(blank, report());
  await place(blank, card);
  await button(blank, 'Synkronisera nu').click();
  await button(blank, 'Börja om …').click();
  await pretendWorkers(blank, { run: report() });
  await button(blank, 'Försök igen').click();
  await expect(blank.getByText('Allt var redan lika.').last()).toBeVisible();
  await expect(blank.getByRole('region', { name: 'Börja om?' })).toHaveCount(0);
});
