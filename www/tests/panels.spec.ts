// What opens on the card: plan, brake, questions, settings, history, parting. With workers that answer as told.

import type { Page } from '@playwright/test';
import { expect, test } from './browser.ts';
import { listen, place, pretendWorkers, remember } from './card.ts';
import * as known from './plans.ts';
import { massDeletion, plan, report } from './plans.ts';

const card = { tag: 'blikk-calendar-sync' } as const;
const inEnglish = { ...card, attributes: { lang: 'en' } };
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const held = (count: number) => report({ outcome: { kind: 'held', preview: massDeletion(count) } });

// --- Visa vad som skulle hända ---

test('before the very first run the plan is one click away, and nothing is switched on by it', async ({ blank }) => {
  const workers = await pretendWorkers(blank, { preview: plan });
  await place(blank, card);
  await button(blank, 'Visa vad som skulle hända').click();
  await expect(blank.locator('tr[data-plan=blikk] td')).toHaveText(['1', '1', '1']);
  await expect(blank.locator('tr[data-plan=exchange] td')).toHaveText(['0', '1', '0']);
  await expect(blank.getByText('0 inbjudningar eller mejl skickas.')).toBeVisible();
  await expect(blank.getByText('3 händelser finns redan på båda ställena och känns igen.')).toBeVisible();
  await expect(blank.getByRole('switch')).toHaveAttribute('aria-checked', 'false');
  expect(await workers.names()).toEqual(['preview']);
});

test('each event of a plan says what would happen where, what in it, and why; deletions first', async ({ blank }) => {
  await pretendWorkers(blank, { preview: plan });
  await place(blank, inEnglish);
  await button(blank, 'Show what would happen').click();
  const steps = blank.getByRole('list', { name: 'Events' }).getByRole('listitem');
  await expect(steps).toHaveCount(3);
  await expect(steps.nth(0)).toContainText('Inställd lunch');
  await expect(steps.nth(0).locator('.write')).toHaveText('Is deleted in Blikk');
  await expect(steps.nth(0).locator('.why')).toHaveText('Was deleted in Outlook.');
  await expect(steps.nth(2).locator('.write')).toHaveText([
    'Is changed in Blikk: time',
    'Is changed in Outlook: title, place',
  ]);
});

test('a plan can be carried out or closed, and the keyboard is where it was', async ({ blank }) => {
  const workers = await pretendWorkers(blank, { preview: plan, run: report() });
  await place(blank, card);
  const opener = button(blank, 'Visa vad som skulle hända');
  await opener.focus();
  await blank.keyboard.press('Enter');
  await expect(blank.getByRole('heading', { name: 'Det här skulle hända' })).toBeFocused();
  await button(blank, 'Stäng').focus();
  await blank.keyboard.press('Enter');
  await expect(opener).toBeFocused();
  await expect(blank.getByText('Det här skulle hända')).toHaveCount(0);

  await opener.click();
  await button(blank, 'Synkronisera nu').click();
  await expect(blank.getByRole('switch')).toHaveAttribute('aria-checked', 'true');
  await expect(blank.getByText('Allt var redan lika.').last()).toBeVisible();
  await expect(blank.getByText('Det här skulle hända')).toHaveCount(0);
  expect(await workers.names()).toEqual(['preview', 'preview', 'run']);
});

test('a plan without anything in it says so, and one that cannot be made says why', async ({ blank }) => {
  await pretendWorkers(blank, { preview: known.nothingPlanned });
  await place(blank, card);
  await button(blank, 'Visa vad som skulle hända').click();
  await expect(blank.getByText('Inget skulle ändras. Kalendrarna är redan lika.')).toBeVisible();
  await pretendWorkers(blank, { preview: { broken: { code: 'exchange.busy', waitSeconds: 60 } } });
  await button(blank, 'Visa vad som skulle hända').click();
  await expect(blank.getByRole('alert')).toContainText('Exchange har mycket att göra och ber oss vänta.');
});

test('a plan that is longer than the list says how much more there is', async ({ blank }) => {
  await pretendWorkers(blank, { preview: massDeletion(340, null) });
  await place(blank, card);
  await button(blank, 'Visa vad som skulle hända').click();
  await expect(blank.getByText('och 140 till')).toBeAttached();
});

test('a plan that the brake would stop is carried out with the yes to just that', async ({ blank }) => {
  const workers = await pretendWorkers(blank, { preview: massDeletion(9, 'firstRun'), run: report() });
  await place(blank, card);
  await button(blank, 'Visa vad som skulle hända').click();
  await expect(blank.getByText(/^Det här är första gången, och då tar vi aldrig bort något/)).toBeVisible();
  await button(blank, 'Ja, ta bort 9 händelser').click();
  await expect(blank.getByText('Allt var redan lika.').last()).toBeVisible();
  expect(await workers.errands()).toEqual([
    { name: 'preview' },
    { name: 'run', approval: { blikkDeletions: 9, exchangeDeletions: 0 } },
  ]);
});

// --- A run that waits for a yes ---

test('a held run says why, shows the plan, and asks; the safe answer stands out', async ({ blank }) => {
  await pretendWorkers(blank, {});
  await remember(blank, held(30));
  await place(blank, card);
  await expect(blank.getByText('Vi väntar på ditt ja.').last()).toBeVisible();
  await expect(
    blank.getByText(/^Ovanligt mycket skulle tas bort på en gång\..* Inget är ändrat i någon av kalendrarna\.$/),
  ).toBeVisible();
  await expect(blank.locator('tr[data-plan=blikk] td')).toHaveText(['0', '0', '30']);
  await expect(blank.locator('.steps li')).toHaveCount(30);
  await expect(button(blank, 'Nej, inget tas bort')).toHaveClass('primary');
  // Nothing else on the card would go on without an answer.
  await expect(button(blank, /Synkronisera nu|Försök igen/)).toHaveCount(0);
});

test('only a yes goes on, and with the numbers that were shown', async ({ blank }) => {
  const workers = await pretendWorkers(blank, { run: report({ blikk: { created: 0, updated: 0, deleted: 30 } }) });
  await remember(blank, held(30));
  await place(blank, card);
  await button(blank, 'Ja, ta bort 30 händelser').click();
  await expect(blank.locator('tr[data-side=blikk] td')).toHaveText(['0', '0', '30']);
  expect(await workers.errands()).toEqual([{ name: 'run', approval: { blikkDeletions: 30, exchangeDeletions: 0 } }]);
});

test('a no is remembered over a reload, and what waits can be shown again', async ({ blank }) => {
  await pretendWorkers(blank, {});
  await remember(blank, held(30));
  await place(blank, inEnglish);
  await button(blank, 'No, nothing is deleted').focus();
  await blank.keyboard.press('Enter');
  await expect(button(blank, 'Show what waits')).toBeFocused();
  await blank.reload();
  const workers = await pretendWorkers(blank, { run: held(30) });
  await place(blank, inEnglish);
  await expect(blank.getByText('The synchronisation stands still until you say yes,')).toBeVisible();
  await expect(button(blank, 'Yes, delete 30 events')).toHaveCount(0);
  await button(blank, 'Show what waits').click();
  await expect(button(blank, 'Yes, delete 30 events')).toBeVisible();
  expect(await workers.names()).toEqual([]);

  // Another run is another question.
  await button(blank, 'No, nothing is deleted').click();
  await button(blank, 'Check again').click();
  await expect(button(blank, 'Yes, delete 30 events')).toBeVisible();
  expect(await workers.errands()).toEqual([{ name: 'run' }]);
});

test('the host hears that a run waits, with the plan', async ({ blank }) => {
  await pretendWorkers(blank, { run: held(8) });
  const heard = await listen(blank, 'blikk-sync-finished', 'blikk-sync-held', 'blikk-sync-attention');
  await place(blank, card);
  await blank.getByRole('switch').click();
  await expect(button(blank, 'Ja, ta bort 8 händelser')).toBeVisible();
  expect((await heard()).map(([name]) => name)).toEqual([
    'blikk-sync-finished',
    'blikk-sync-held',
    'blikk-sync-attention',
  ]);
  expect((await heard())[1]?.[1]).toMatchObject({ blikk: { deleted: 8 } });
  expect((await heard())[2]?.[1]).toBe('held');
});

// --- Questions ---

test('an event that was changed on both sides shows before, Blikk and Outlook, and one click settles it', async ({
  blank,
}) => {
  const answered = { inTurn: [report({ asking: 1, run: 5 }), report({ run: 6 })] };
  const workers = await pretendWorkers(blank, { questions: known.questions, answer: answered });
  await remember(blank, report({ asking: 2 }));
  await place(blank, card);
  await expect(blank.getByText('Klart, men 2 händelser väntar på ditt svar.').last()).toBeVisible();
  const first = blank.locator('[data-link=a1]');
  await expect(first.getByRole('row').nth(0).getByRole('columnheader')).toHaveText(['Innan', 'Blikk', 'Outlook']);
  await expect(first.getByRole('row').nth(1)).toHaveText(
    /rubrik\s*Kundmöte Åre\s*Kundmöte Östersund\s*Kundmöte Åre och middag/,
  );
  await expect(first.getByRole('row').nth(2)).toContainText('13:00–14:30');
  await button(blank, 'Outlook gäller för Kundmöte Åre').click();
  await expect(first).toHaveCount(0);
  await expect(blank.getByText('Klart, men 1 händelse väntar på ditt svar.').last()).toBeVisible();
  await button(blank, 'Blikk gäller för Semester').click();
  await expect(blank.locator('.questions')).toHaveCount(0);
  await expect(blank.getByText('Allt var redan lika.').last()).toBeVisible();
  expect(await workers.errands()).toEqual([
    { name: 'questions' },
    { name: 'answer', link: 'a1', winner: 'exchange' },
    { name: 'answer', link: 'b2', winner: 'blikk' },
  ]);
});

test('one click settles all of them, by keyboard and in English', async ({ blank }) => {
  const answered = { inTurn: [report({ asking: 1 }), report()] };
  const workers = await pretendWorkers(blank, { questions: known.questions, answer: answered });
  await remember(blank, report({ asking: 2 }));
  await place(blank, inEnglish);
  await button(blank, 'Blikk stands for all').focus();
  await blank.keyboard.press('Enter');
  await expect(blank.locator('.questions')).toHaveCount(0);
  expect((await workers.errands()).slice(1)).toEqual([
    { name: 'answer', link: 'a1', winner: 'blikk' },
    { name: 'answer', link: 'b2', winner: 'blikk' },
  ]);
});

test('an answer that cannot be carried out says why, and the question stays', async ({ blank }) => {
  const problem = { code: 'exchange.unreachable' } as const;
  const refused = report({ outcome: { kind: 'failed', side: 'exchange', problem } });
  await pretendWorkers(blank, { questions: known.questions, answer: refused });
  await remember(blank, report({ asking: 2 }));
  await place(blank, card);
  await button(blank, 'Blikk gäller för alla').click();
  await expect(blank.getByRole('alert')).toContainText('exchange.unreachable');
  await expect(blank.locator('.question')).toHaveCount(2);
});

// --- Inställningar ---

test('what a choice leads to is said before it is saved, and the plan is one click away after', async ({ blank }) => {
  const workers = await pretendWorkers(blank, { status: known.status, setOptions: null, preview: plan });
  await remember(blank, report());
  await place(blank, card);
  await blank.getByText('Inställningar').click();
  await expect(blank.getByLabel('Riktning')).toHaveValue('both');
  await expect(button(blank, 'Spara')).toHaveCount(0);
  await blank.getByLabel('Privata händelser').selectOption('Visas som upptagen i Blikk');
  await blank.getByLabel('Dagar', { exact: true }).selectOption('Bara dagarna omkring idag');
  await blank.getByLabel('Dagar bakåt').fill('14');
  await blank.getByLabel('Påminnelser').uncheck();
  await blank.getByLabel('Händelser', { exact: true }).fill('3');
  await expect(blank.locator('.will li')).toHaveText([
    'ta med 14 dagar bakåt och 365 dagar framåt. Det som ligger utanför ligger kvar som det är.',
    'visa privata händelser i Blikk som ”Upptagen”. Vad de handlar om stannar i Outlook.',
    'lämna påminnelserna som de är.',
    'fråga dig innan mer än 3 händelser, eller 20 % av alla, tas bort på en gång.',
  ]);
  await button(blank, 'Spara').click();
  await expect(blank.getByText('Sparat.', { exact: true })).toBeVisible();
  await expect(blank.getByText('Nästa synkronisering kommer att:')).toBeVisible();
  await blank.locator('#options-saved').getByRole('button', { name: 'Visa vad som skulle hända' }).click();
  await expect(blank.getByRole('heading', { name: 'Det här skulle hända' })).toBeVisible();
  expect(await workers.errands()).toEqual([
    { name: 'status' },
    {
      name: 'setOptions',
      options: {
        ...known.options,
        privateEvents: 'asBusy',
        busyTitle: 'Upptagen',
        window: { daysBack: 14, daysAhead: 365, zone: 'Europe/Stockholm' },
        reminders: false,
        brake: { events: 3, percent: 20 },
      },
    },
    { name: 'preview' },
  ]);
});

test('days are those of the place where they were chosen, and stay so when something else is', async ({ blank }) => {
  const window = { daysBack: 7, daysAhead: 90, zone: 'UTC' };
  const workers = await pretendWorkers(blank, {
    status: { ...known.status, options: { ...known.options, window } },
    setOptions: null,
  });
  await place(blank, inEnglish);
  await blank.getByText('Settings').click();
  await blank.getByLabel('Reminders').uncheck();
  await button(blank, 'Save').click();
  await expect(blank.getByText('Saved.', { exact: true })).toBeVisible();
  await blank.getByLabel('Days ahead').fill('30');
  await button(blank, 'Save').click();
  await expect(blank.locator('#options-saved')).toContainText('take 7 days back and 30 days ahead');
  const saved = (await workers.errands()).flatMap((errand) => ('options' in errand ? [errand.options.window] : []));
  expect(saved).toEqual([window, { daysBack: 7, daysAhead: 30, zone: 'Europe/Stockholm' }]);
});

test('choices can be taken back before they are saved, and what is no number is not taken', async ({ blank }) => {
  const workers = await pretendWorkers(blank, { status: known.status });
  await place(blank, inEnglish);
  await blank.getByText('Settings').click();
  await blank.getByLabel('If the same thing was changed in both places').selectOption('Ask me');
  await expect(blank.locator('.will')).toContainText('let an event wait and ask you');
  await button(blank, 'Reset').click();
  await expect(blank.getByLabel('If the same thing was changed in both places')).toHaveValue('newestWins');
  await expect(blank.locator('.will')).toHaveCount(0);
  for (const wrong of ['', '-1', '1.5', '101']) await blank.getByLabel('Per cent of all').fill(wrong);
  await expect(blank.locator('.will')).toHaveCount(0);
  expect(await workers.names()).toEqual(['status']);
});

test('settings that cannot be saved say why, and the choice stays in the form', async ({ blank }) => {
  await pretendWorkers(blank, { status: known.status, setOptions: { broken: { code: 'store.full' } } });
  await place(blank, card);
  await blank.getByText('Inställningar').click();
  await blank.getByLabel('Riktning').selectOption('Bara från Blikk till Outlook');
  await button(blank, 'Spara').click();
  await expect(blank.getByRole('alert')).toContainText('Det finns inte plats');
  await expect(blank.getByLabel('Riktning')).toHaveValue('toExchange');
});

// --- Historik ---

const historic = { history: known.runs, historyOf: known.entries };

test('the history tells when, what and how much, and a run opens to each change with before and after', async ({
  blank,
}) => {
  const workers = await pretendWorkers(blank, historic);
  await place(blank, card);
  await blank.getByText('Historik och ångra').click();
  const runs = blank.locator('.runs > li');
  await expect(runs).toHaveCount(3);
  await expect(runs.nth(0)).toContainText('Nr 2 ångrades');
  await expect(runs.nth(1)).toContainText('Outlook: 2 borttagna · Avbröts');
  await expect(runs.nth(2)).toContainText('Blikk: 12 nya, 1 ändrad, 1 borttagen · Outlook: 3 ändrade');
  await runs.nth(2).locator('summary').click();
  const changes = runs.nth(2).getByRole('list', { name: 'Händelser' }).getByRole('listitem');
  await expect(changes.nth(0).locator('.write')).toHaveText('Ändrades i Blikk: rubrik, påminnelse');
  await expect(changes.nth(0).locator('del')).toHaveText(['Kundmöte', '15 min före']);
  await expect(changes.nth(0).locator('ins')).toHaveText(['Kundmöte Åre', 'ingen']);
  await expect(changes.nth(1).locator('.write')).toHaveText('Togs bort i Blikk');
  expect(await workers.errands()).toEqual([{ name: 'history' }, { name: 'historyOf', run: 2 }]);
});

test('a run is undone after its undoing was shown, and that stands in the history', async ({ blank }) => {
  const undone = { run: 5, kind: { kind: 'undo', run: 2 } as const, started: '2027-03-02T10:00:00Z' };
  const after = [
    { ...undone, outcome: { kind: 'done' } as const, blikk: known.none, exchange: known.none },
    ...known.runs,
  ];
  const workers = await pretendWorkers(blank, {
    history: { inTurn: [known.runs, after] },
    historyOf: known.entries,
    previewUndo: plan,
    undo: report({ run: 5 }),
  });
  await place(blank, inEnglish);
  await blank.getByText('History and undo').click();
  await blank.locator('[data-run="2"] summary').click();
  await button(blank, 'Undo').focus();
  await blank.keyboard.press('Enter');
  const deed = blank.getByRole('group', { name: 'This would happen if you undo' });
  await expect(deed).toBeFocused();
  await expect(deed).toContainText('What somebody has changed since is not overwritten.');
  await expect(deed.getByText('0 invitations or e-mails are sent.')).toBeVisible();
  await button(blank, 'Yes, undo and delete 1 event').click();
  await expect(deed.getByText('Undone.')).toBeVisible();
  await expect(blank.locator('.runs > li')).toHaveCount(4);
  expect((await workers.errands()).slice(2)).toEqual([
    { name: 'previewUndo', run: 2 },
    { name: 'undo', run: 2, approval: { blikkDeletions: 1, exchangeDeletions: 0 } },
    { name: 'history' },
  ]);
});

test('an undoing that is declined does nothing, and the keyboard is where it was', async ({ blank }) => {
  const workers = await pretendWorkers(blank, { ...historic, previewUndo: plan });
  await place(blank, card);
  await blank.getByText('Historik och ångra').click();
  await blank.locator('[data-run="2"] summary').click();
  await button(blank, 'Ångra').click();
  await button(blank, 'Nej, låt det vara').focus();
  await blank.keyboard.press('Enter');
  await expect(button(blank, 'Ångra')).toBeFocused();
  expect(await workers.names()).toEqual(['history', 'historyOf', 'previewUndo']);
});

test('when somebody else signs in, nothing that was open tells of the one before', async ({ blank }) => {
  await pretendWorkers(blank, historic);
  await place(blank, card);
  await blank.getByText('Historik och ångra').click();
  await expect(blank.locator('.runs > li')).toHaveCount(3);
  await blank.evaluate(() => {
    const element = document.querySelector('blikk-calendar-sync') as HTMLElement & { host: object };
    element.host = { ...element.host, userId: 'bo', mailbox: 'bo@konsult.example' };
  });
  await expect(blank.locator('.runs')).toHaveCount(0);
  await expect(blank.locator('details[open]')).toHaveCount(0);
});

// --- Pausa eller koppla från ---

test('pausing deletes nothing and can be taken up again', async ({ blank }) => {
  const workers = await pretendWorkers(blank, {});
  await remember(blank, report());
  await place(blank, card);
  await blank.getByText('Pausa eller koppla från').click();
  await expect(blank.getByText('Inget tas bort. När du slår på igen fortsätter allt där det slutade.')).toBeVisible();
  await button(blank, 'Pausa').click();
  await expect(blank.getByRole('switch')).toHaveAttribute('aria-checked', 'false');
  await expect(
    blank.getByText('Pausad. Inget tas bort, och när du slår på igen fortsätter allt där det slutade.'),
  ).toBeVisible();
  await button(blank, 'Fortsätt').click();
  await expect(blank.getByRole('switch')).toHaveAttribute('aria-checked', 'true');
  expect(await workers.names()).toEqual([]);
});

test('disconnecting and keeping everything asks once, deletes nothing and switches off', async ({ blank }) => {
  await pretendWorkers(blank, { disconnect: report() });
  await remember(blank, report({ linked: 3 }));
  await place(blank, inEnglish);
  await blank.getByText('Pause or disconnect').click();
  await button(blank, /^Disconnect$/).focus();
  await blank.keyboard.press('Enter');
  await expect(button(blank, /^No$/)).toBeFocused();
  await expect(blank.getByText('Disconnect? All events stay in both calendars.')).toBeVisible();
  await button(blank, 'Yes, disconnect').click();
  await expect(blank.getByText('Disconnected.')).toBeVisible();
  await expect(blank.getByRole('switch')).toHaveAttribute('aria-checked', 'false');
  // What is forgotten is not told of, after a reload either.
  await expect(blank.getByText('3 events were in both places')).toHaveCount(0);
  await blank.reload();
  await place(blank, inEnglish);
  await expect(blank.getByRole('switch')).toHaveAttribute('aria-checked', 'false');
  await expect(blank.locator('.result')).toHaveCount(0);
});

test('removing what we put there shows how much and what, and needs the yes to just that', async ({ blank }) => {
  const workers = await pretendWorkers(blank, { previewDisconnect: massDeletion(7, null), disconnect: report() });
  await remember(blank, report());
  await place(blank, card);
  await blank.getByText('Pausa eller koppla från').click();
  await button(blank, 'Visa vad som tas bort').click();
  await expect(blank.locator('.deed .steps li')).toHaveCount(7);
  await button(blank, 'Ja, ta bort 7 händelser och koppla från').click();
  await expect(blank.getByText('Frånkopplad.')).toBeVisible();
  await expect(blank.getByRole('switch')).toHaveAttribute('aria-checked', 'false');
  expect(await workers.errands()).toEqual([
    { name: 'previewDisconnect' },
    { name: 'disconnect', how: 'removeOurs', approval: { blikkDeletions: 7, exchangeDeletions: 0 } },
  ]);
});

test('when more would be removed than was said yes to, that is asked anew', async ({ blank }) => {
  const more = report({ outcome: { kind: 'held', preview: massDeletion(9) } });
  const workers = await pretendWorkers(blank, {
    previewDisconnect: massDeletion(7, null),
    disconnect: { inTurn: [more, report()] },
  });
  await remember(blank, report());
  await place(blank, card);
  await blank.getByText('Pausa eller koppla från').click();
  await button(blank, 'Visa vad som tas bort').click();
  await button(blank, 'Ja, ta bort 7 händelser och koppla från').click();
  await button(blank, 'Ja, ta bort 9 händelser och koppla från').click();
  await expect(blank.getByText('Frånkopplad.')).toBeVisible();
  expect(await workers.names()).toEqual(['previewDisconnect', 'disconnect', 'disconnect']);
});

// --- How it has gone lately (scenario 25) ---

const revoked = { kind: 'failed', side: 'exchange', problem: { code: 'exchange.unauthorized' } } as const;
const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

test('scenario 25: after a day without success the card says since when and what to do, and the host can show a badge', async ({
  blank,
}) => {
  await pretendWorkers(blank, {});
  const heard = await listen(blank, 'blikk-sync-attention');
  await remember(blank, report({ outcome: revoked }), true, {
    lastSuccess: hoursAgo(30),
    since: hoursAgo(300),
    failures: 4,
  });
  await place(blank, card);
  await expect(blank.getByText(/^Inte synkroniserad sedan .+\.$/)).toBeVisible();
  await expect(
    blank.getByText('Be den som administrerar Blikk hos er att titta på Kalenderintegration.'),
  ).toBeVisible();
  await expect(button(blank, 'Försök igen')).toBeVisible();
  expect(await heard()).toEqual([['blikk-sync-attention', 'stale']]);
});

test('scenario 25: when it last went well stands on the card however the last run ended', async ({ blank }) => {
  await pretendWorkers(blank, { run: report({ outcome: revoked }) });
  await remember(blank, report(), true, { lastSuccess: hoursAgo(1), since: hoursAgo(300), failures: 0 });
  await place(blank, inEnglish);
  await expect(blank.locator('.success')).toContainText('Last synchronised');
  await button(blank, 'Synchronise now').click();
  await expect(button(blank, 'Try again')).toBeVisible();
  await expect(blank.locator('.success')).toContainText('Last synchronised');
  await expect(blank.getByText(/^Not synchronised since/)).toHaveCount(0);
});

test('that another device is at it is said calmly', async ({ blank }) => {
  const problem = { code: 'run.elsewhere', waitSeconds: 200 } as const;
  await pretendWorkers(blank, { run: report({ outcome: { kind: 'failed', side: null, problem } }) });
  await remember(blank, report());
  await place(blank, card);
  await button(blank, 'Synkronisera nu').click();
  await expect(blank.locator('.message.plain')).toContainText('Synkroniseringen pågår på en annan enhet.');
  await expect(blank.locator('.message.bad')).toHaveCount(0);
});
