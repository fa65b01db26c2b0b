// Events of whole days on the card: a date, and never a time of day.

import type { Page } from '@playwright/test';
import { expect, test } from './browser.ts';
import { place, pretendWorkers, remember } from './card.ts';
import * as known from './plans.ts';
import { report } from './plans.ts';

const card = { tag: 'blikk-calendar-sync' } as const;
const button = (page: Page, name: string) => page.getByRole('button', { name });

test.describe('where midnight in UTC is an afternoon', () => {
  test.use({ timezoneId: 'America/New_York' });
  const { holiday } = known;
  const aDay = /^25 juni 2021$/;

  test('an event of whole days has a date and no time in a plan and in what waits for a yes', async ({ blank }) => {
    const preview = { ...known.nothingPlanned, blikk: { ...known.none, deleted: 1 }, steps: [holiday] };
    await pretendWorkers(blank, { preview, run: report({ outcome: { kind: 'held', preview } }) });
    await place(blank, card);
    await button(blank, 'Visa vad som skulle hända').click();
    await expect(blank.locator('.steps .when')).toHaveText(aDay);
    await button(blank, 'Synkronisera nu').click();
    await expect(blank.locator('#held .steps .when')).toHaveText(aDay);
  });

  test('and so it has in the history, and among the events that are not synchronised', async ({ blank }) => {
    const at = '2021-06-26T09:00:00Z';
    const { title, start, ...done } = holiday;
    const entry = { ...done, at, title, start: start ?? null, before: null, after: null };
    const problem = { code: 'event.rule_not_expressible' } as const;
    const setAside = [{ side: 'blikk' as const, event: { problem, title, start: start ?? null } }];
    await pretendWorkers(blank, { history: known.runs, historyOf: [entry], setAside });
    await remember(blank, report({ notSynchronised: { [problem.code]: 1 } }));
    await place(blank, card);
    await blank.getByText('Visa vilka').click();
    await expect(blank.locator('.notes li .muted')).toHaveText(/^Blikk · 25 juni 2021 · /);
    await blank.getByText('Historik och ångra').click();
    await blank.locator('[data-run="2"] summary').click();
    await expect(blank.locator('.runs .steps .when')).toHaveText(aDay);
  });
});
