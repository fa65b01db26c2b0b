// One click, and both calendars hold the same events, series and meetings among them; what is changed or deleted on
// either side follows; a run with nothing to do does nothing; nobody gets mail.

import { byTitle, type Event, type NewEvent } from './calendars.ts';
import { day, expect, openSettings, picture, plugin, synchronise, test } from './support.ts';

const inOutlook: NewEvent[] = [
  {
    title: 'Styrelsemöte',
    start: day(0, '08:00'),
    end: day(0, '10:00'),
    place: 'Göteborg',
    status: 'tentative',
    categories: ['Ledning', 'Resa'],
    reminderMinutes: 30,
  },
  {
    title: 'Fika ☕ & <b>bullar</b> "kl 14"',
    start: day(1, '13:00'),
    end: day(1, '13:30'),
    body: 'Rad 1\nRad 2 åäö 🙂',
    reminderMinutes: null,
  },
  { title: 'Läkarbesök', start: day(2, '07:00'), end: day(2, '08:00'), visibility: 'private', status: 'outOfOffice' },
  { title: 'Midsommarafton', start: { date: '2027-06-25' }, end: { date: '2027-06-26' }, allDay: true, status: 'free' },
  {
    title: 'Nattflytt av servrar',
    start: { dateTime: '2027-03-27T22:00:00Z', timeZone: 'Europe/Stockholm' },
    end: { dateTime: '2027-03-28T04:00:00Z', timeZone: 'Europe/Stockholm' },
  },
  { title: '', start: day(3, '09:00'), end: day(3, '09:15') },
  {
    title: 'Veckoavstämning',
    start: day(1, '09:00'),
    end: day(1, '10:00'),
    recurrence: { pattern: 'weekly', count: 5 },
  },
  {
    title: 'Kundmöte',
    start: day(2, '11:00'),
    end: day(2, '12:00'),
    importance: 'high',
    attachments: ['Dagordning.docx'],
    attendees: [{ name: 'Björn Ek', email: 'bjorn.ek@kund.example', answer: 'accepted' }],
  },
];
const inBlikk: NewEvent[] = [
  {
    title: 'Sprintplanering',
    start: day(0, '12:00'),
    end: day(0, '14:00'),
    place: 'Konferensrum Åre',
    body: '1. Förra sprinten\n2. Nästa',
    categories: ['Projekt'],
  },
  { title: 'Semester', start: day(4), end: day(7), allDay: true, status: 'outOfOffice' },
  { title: 'Tidrapport', start: day(4, '14:00'), end: day(4, '14:30'), reminderMinutes: 0 },
];
const notInOutlook: NewEvent = {
  title: 'Mata fiskarna',
  start: day(1, '10:00'),
  end: day(1, '10:05'),
  recurrence: ['RRULE:FREQ=HOURLY;COUNT=3'],
};

test('one click makes both calendars the same, and they stay the same', async ({ page, person, blikk, outlook }) => {
  for (const event of inOutlook) await outlook.create(event);
  for (const event of [...inBlikk, notInOutlook]) await blikk.create(event);
  const areEqual = async (): Promise<void> => {
    const others = (events: Event[]): Event[] => events.filter(({ title }) => title !== notInOutlook.title);
    expect(byTitle(await outlook.all())).toEqual(byTitle(others(await blikk.all())));
    expect(byTitle(await outlook.coming())).toEqual(byTitle(others(await blikk.coming())));
  };

  await test.step('the first run creates on each side what the other has', async () => {
    await openSettings(page, person);
    const report = await synchronise(page);
    expect(report).toMatchObject({
      outcome: { kind: 'done' },
      blikk: { created: inOutlook.length, updated: 0, deleted: 0 },
      exchange: { created: inBlikk.length, updated: 0, deleted: 0 },
      notSynchronised: { 'event.rule_not_expressible': 1 },
    });
    await areEqual();
    expect(await blikk.all()).toHaveLength(inOutlook.length + inBlikk.length + 1);
  });

  await test.step('the page says what was done, and what was not and why', async () => {
    await expect(plugin(page).getByText('Klart! 1 händelse synkroniseras inte.', { exact: true }).last()).toBeVisible();
    await expect(plugin(page).locator('tr[data-side=blikk] td')).toHaveText([String(inOutlook.length), '0', '0']);
    await expect(plugin(page).locator('tr[data-side=exchange] td')).toHaveText([String(inBlikk.length), '0', '0']);
    await plugin(page).getByText('Visa vilka').click();
    await expect(plugin(page).getByText(notInOutlook.title)).toBeVisible();
    await picture(page, 'whole-first-run');
  });

  await test.step('the week views show the same events, with a badge where something is missing', async () => {
    await page.getByRole('button', { name: 'Nästa vecka' }).click();
    for (const week of [page.locator('#blikk'), page.locator('#outlook')]) {
      await expect(week.locator('[data-title="Sprintplanering"]').first()).toBeVisible();
      await expect(week.locator('[data-title="Styrelsemöte"]').first()).toBeVisible();
    }
    await expect(page.locator('#outlook [data-title="Mata fiskarna"]')).toHaveCount(0);
    await expect(page.locator('#blikk [data-title="Mata fiskarna"] .badge')).toHaveCount(3);
  });

  await test.step('edits by clicks on both sides follow to the other', async () => {
    await edit(page, '#outlook', 'Styrelsemöte', { Rubrik: 'Styrelsemöte 🎿', Plats: 'Åre' });
    await edit(page, '#blikk', 'Sprintplanering', { Anteckning: 'Ny dagordning', Slutar: '16:30' });
    const report = await synchronise(page);
    expect(report).toMatchObject({
      outcome: { kind: 'done' },
      blikk: { created: 0, updated: 1, deleted: 0 },
      exchange: { created: 0, updated: 1, deleted: 0 },
    });
    await areEqual();
    expect(await blikk.all()).toContainEqual(expect.objectContaining({ title: 'Styrelsemöte 🎿', place: 'Åre' }));
    expect(await outlook.all()).toContainEqual(
      expect.objectContaining({ title: 'Sprintplanering', body: 'Ny dagordning' }),
    );
  });

  await test.step('what is deleted on one side is deleted on the other', async () => {
    await remove(page, '#blikk', 'Läkarbesök');
    await remove(page, '#outlook', 'Tidrapport');
    const report = await synchronise(page);
    expect(report).toMatchObject({
      outcome: { kind: 'done' },
      blikk: { created: 0, updated: 0, deleted: 1 },
      exchange: { created: 0, updated: 0, deleted: 1 },
    });
    await areEqual();
    expect(await blikk.all()).toHaveLength(inOutlook.length + inBlikk.length - 1);
    await expect(page.locator('#outlook [data-title="Läkarbesök"]')).toHaveCount(0);
    await expect(page.locator('#blikk [data-title="Tidrapport"]')).toHaveCount(0);
  });

  await test.step('a run with nothing to do changes nothing', async () => {
    const before = [await outlook.all(), await blikk.all()];
    const report = await synchronise(page);
    const nothing = { created: 0, updated: 0, deleted: 0 };
    expect(report).toMatchObject({ outcome: { kind: 'done' }, blikk: nothing, exchange: nothing, linked: 0 });
    expect([await outlook.all(), await blikk.all()]).toEqual(before);
  });

  await test.step('the switch and the result are there after a reload', async () => {
    await page.reload();
    await expect(page.getByRole('switch')).toHaveAttribute('aria-checked', 'true');
    await expect(plugin(page).getByText(/Senast synkroniserad idag/)).toBeVisible();
  });
});

test('events made by clicks in either week view appear in the other calendar', async ({
  page,
  person,
  blikk,
  outlook,
}) => {
  await openSettings(page, person);
  await create(page, '#blikk', { Rubrik: 'Offert till Ångpannan', Plats: 'Kontoret', Kategorier: 'Sälj, Kund' });
  await create(page, '#outlook', { Rubrik: 'Lunch på Ön 🍜' });
  expect(await synchronise(page)).toMatchObject({ blikk: { created: 1 }, exchange: { created: 1 } });
  expect(byTitle(await outlook.all())).toEqual(byTitle(await blikk.all()));
  await expect(page.locator('#blikk [data-title="Lunch på Ön 🍜"]')).toBeVisible();
  await expect(page.locator('#outlook [data-title="Offert till Ångpannan"]')).toBeVisible();
});

test('a series made by clicks, and what is done to single days of it, follows to the other side and back', async ({
  page,
  person,
  blikk,
  outlook,
}) => {
  await openSettings(page, person);
  await page.getByRole('button', { name: 'Nästa vecka' }).click();
  await page.locator('#blikk').getByRole('button', { name: 'Ny händelse' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Hur ofta').selectOption('weekly');
  await dialog.getByLabel('onsdag').check();
  await dialog.getByLabel('fredag').check();
  await dialog.getByLabel('Serien slutar').selectOption('count');
  await fillAndSave(page, { Rubrik: 'Stand-up', 'Antal gånger': '8' });
  const inWeek = (side: string): Locator => page.locator(`${side} [data-title^="Stand-up"]`);
  await expect(inWeek('#blikk')).toHaveCount(3);
  expect(await synchronise(page)).toMatchObject({ outcome: { kind: 'done' }, exchange: { created: 1 } });
  await expect(inWeek('#outlook')).toHaveCount(3);

  await test.step('one day is changed in Outlook, and another cancelled in Blikk', async () => {
    await inWeek('#outlook').nth(1).click();
    await expect(dialog.getByLabel('endast denna gång')).toBeChecked();
    await fillAndSave(page, { Rubrik: 'Stand-up i Åre', Plats: 'Åre' });
    await inWeek('#blikk').nth(2).click();
    await dialog.getByRole('button', { name: 'Ta bort denna gång' }).click();
    await expect(inWeek('#blikk')).toHaveCount(2);
    expect(await synchronise(page)).toMatchObject({
      outcome: { kind: 'done' },
      blikk: { created: 0, deleted: 0 },
      exchange: { created: 0, deleted: 0 },
      notSynchronised: {},
    });
    for (const side of ['#blikk', '#outlook']) {
      await expect(inWeek(side)).toHaveCount(2);
      await expect(page.locator(`${side} [data-title="Stand-up i Åre"] .again.changed`)).toHaveCount(1);
    }
    expect(await outlook.coming()).toHaveLength(7);
    expect(byTitle(await outlook.coming())).toEqual(byTitle(await blikk.coming()));
    await picture(page, 'whole-series');
  });

  await test.step('the whole series is moved an hour in Blikk, and keeps its changed day', async () => {
    await inWeek('#blikk').first().click();
    await dialog.getByLabel('hela serien').check();
    await fillAndSave(page, { Börjar: '10:00', Slutar: '10:15' });
    expect(await synchronise(page)).toMatchObject({ outcome: { kind: 'done' }, notSynchronised: {} });
    expect(byTitle(await outlook.coming())).toEqual(byTitle(await blikk.coming()));
    await expect(page.locator('#outlook [data-title="Stand-up i Åre"]')).toHaveCount(1);
  });

  await test.step('the whole series is deleted in Outlook', async () => {
    await inWeek('#outlook').first().click();
    await dialog.getByLabel('hela serien').check();
    await dialog.getByRole('button', { name: 'Ta bort hela serien' }).click();
    await expect(inWeek('#outlook')).toHaveCount(0);
    expect(await synchronise(page)).toMatchObject({ blikk: { deleted: 1 } });
    expect(await blikk.all()).toEqual([]);
  });
});

test("somebody else's meeting is shown in Blikk with all that is known of it, and cannot be changed there", async ({
  page,
  person,
  blikk,
  outlook,
}) => {
  await outlook.create({
    title: 'Rökprov',
    start: day(0, '08:00'),
    end: day(0, '09:00'),
    organizer: { name: 'Gunnel Rökström', email: 'gunnel@smogensrokeri.example' },
    attendees: [
      { name: 'Åsa Öberg', email: person.email, answer: 'tentative' },
      { name: 'Björn Ek', email: 'bjorn.ek@kund.example', answer: 'declined' },
    ],
    myAnswer: 'tentative',
    cancelled: true,
    onlineUrl: 'https://teams.example/l/meetup/19',
    attachments: ['Recept.pdf'],
  });
  await openSettings(page, person);
  expect(await synchronise(page)).toMatchObject({ blikk: { created: 1 }, notSynchronised: {} });
  const [event] = await blikk.all();
  expect(event?.meeting).toMatchObject({ isMine: false, organizer: { email: 'gunnel@smogensrokeri.example' } });

  await page.getByRole('button', { name: 'Nästa vecka' }).click();
  await page.locator('#blikk .cancelled[data-title="Rökprov"]').click();
  const dialog = page.getByRole('dialog', { name: 'Rökprov' });
  await expect(dialog).toContainText('Gunnel Rökström har kallat till mötet, så det kan bara ändras i Outlook.');
  await expect(dialog).toContainText('Mötet är inställt.');
  await expect(dialog).toContainText('Du har svarat kanske.');
  await expect(dialog.getByRole('list', { name: 'Deltagare' })).toContainText('Björn Ek kommer inte');
  await expect(dialog).toContainText('Recept.pdf');
  await expect(dialog.getByRole('link', { name: 'Anslut till mötet' })).toHaveAttribute('rel', /noopener/);
  await expect(dialog.getByRole('button')).toHaveText(['Stäng']);
  await picture(page, 'whole-meeting');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
});

test('a browser that has forgotten everything links the events again and writes nothing', async ({
  page,
  person,
  blikk,
  outlook,
  browser,
  baseURL,
}) => {
  for (const event of inOutlook) await outlook.create(event);
  for (const event of inBlikk) await blikk.create(event);
  await openSettings(page, person);
  await synchronise(page);
  const before = [await outlook.all(), await blikk.all()];

  // The gateway remembers for another computer; one that keeps to its own memory has to recognise every event.
  const nothing = { created: 0, updated: 0, deleted: 0 };
  for (const [state, linked] of [
    ['gateway', 0],
    ['browser', inOutlook.length + inBlikk.length],
  ] as const) {
    const anotherComputer = await browser.newContext({ ...(baseURL === undefined ? {} : { baseURL }) });
    const elsewhere = await anotherComputer.newPage();
    const element = await openSettings(elsewhere, person);
    await element.evaluate((element, state) => element.setAttribute('state', state), state);
    expect(await synchronise(elsewhere), state).toMatchObject({ blikk: nothing, exchange: nothing, linked });
    expect([await outlook.all(), await blikk.all()]).toEqual(before);
    await anotherComputer.close();
  }
});

test('another computer goes on where the first one left off, and knows what that one did', async ({
  page,
  person,
  blikk,
  outlook,
  browser,
  baseURL,
}) => {
  for (const event of inBlikk) await blikk.create(event);
  await openSettings(page, person);
  await synchronise(page);
  await outlook.create({ title: 'Nytt', start: day(0, '08:00'), end: day(0, '09:00') });

  const anotherComputer = await browser.newContext({ ...(baseURL === undefined ? {} : { baseURL }) });
  const elsewhere = await anotherComputer.newPage();
  await openSettings(elsewhere, person);
  const nothing = { created: 0, updated: 0, deleted: 0 };
  expect(await synchronise(elsewhere)).toMatchObject({
    outcome: { kind: 'done' },
    blikk: { ...nothing, created: 1 },
    exchange: nothing,
    linked: 0,
  });
  await plugin(elsewhere).getByText('Historik och ångra').click();
  await expect(plugin(elsewhere).locator('.runs > li')).toContainText([
    'Blikk: 1 ny',
    `Outlook: ${inBlikk.length} nya`,
  ]);
  expect(await synchronise(page)).toMatchObject({ outcome: { kind: 'done' }, blikk: nothing, exchange: nothing });
  await anotherComputer.close();
});

test('switching off stops the synchronisation and leaves the events where they are', async ({
  page,
  person,
  blikk,
  outlook,
}) => {
  await outlook.create({ title: 'Kvar', start: day(0, '08:00'), end: day(0, '09:00') });
  await openSettings(page, person);
  await synchronise(page);
  await page.getByRole('switch').click();
  await expect(page.getByRole('switch')).toHaveAttribute('aria-checked', 'false');
  await expect(plugin(page).getByRole('button', { name: 'Synkronisera nu' })).toHaveCount(0);
  await expect(
    plugin(page).getByText('Pausad. Inget tas bort, och när du slår på igen fortsätter allt där det slutade.'),
  ).toBeVisible();
  expect(await blikk.all()).toHaveLength(1);
});

type Page = Parameters<typeof openSettings>[0];
type Locator = ReturnType<typeof plugin>;

async function create(page: Page, calendar: string, fields: Record<string, string>): Promise<void> {
  await page.locator(calendar).getByRole('button', { name: 'Ny händelse' }).click();
  await fillAndSave(page, fields);
}

async function edit(page: Page, calendar: string, title: string, fields: Record<string, string>): Promise<void> {
  await page.locator(`${calendar} [data-title="${title}"]`).first().click();
  await fillAndSave(page, fields);
}

async function fillAndSave(page: Page, fields: Record<string, string>): Promise<void> {
  const dialog = page.getByRole('dialog');
  for (const [label, value] of Object.entries(fields)) await dialog.getByLabel(label, { exact: true }).fill(value);
  await dialog.getByRole('button', { name: 'Spara' }).click();
  await expect(dialog).toBeHidden();
}

async function remove(page: Page, calendar: string, title: string): Promise<void> {
  await page.locator(`${calendar} [data-title="${title}"]`).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Ta bort' }).click();
  await expect(page.locator(`${calendar} [data-title="${title}"]`)).toHaveCount(0);
}
