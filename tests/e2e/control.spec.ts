// What a person decides, by clicks: sees a plan before it happens, says yes or no to many deletions, chooses between two
// edits, changes settings, takes back a run, parts; and what happens by itself.

import { byTitle, type Event, type NewEvent } from './calendars.ts';
import {
  day,
  expect,
  nextReport,
  openAgain,
  openSettings,
  picture,
  plugin,
  synchronise,
  test,
  theSwitch,
} from './support.ts';

const at = (hour: number): Pick<NewEvent, 'start' | 'end'> => ({
  start: day(0, `${String(hour).padStart(2, '0')}:00`),
  end: day(0, `${String(hour).padStart(2, '0')}:30`),
});
const none = { created: 0, updated: 0, deleted: 0 };
const titled = (events: Event[], title: string): Event => {
  const found = events.find((event) => event.title === title);
  if (found === undefined) throw new Error(`there is no ${title}`);
  return found;
};

test('before the first run a person sees what would happen, and nothing happens by that', async ({
  page,
  person,
  blikk,
  outlook,
}) => {
  await outlook.create({ title: 'I Outlook', ...at(8) });
  await blikk.create({ title: 'I Blikk', ...at(9) });
  await openSettings(page, person);
  await plugin(page).getByRole('button', { name: 'Visa vad som skulle hända' }).click();
  await expect(plugin(page).locator('tr[data-plan=blikk] td')).toHaveText(['1', '0', '0']);
  await expect(plugin(page).locator('tr[data-plan=exchange] td')).toHaveText(['1', '0', '0']);
  await expect(plugin(page).getByText('0 inbjudningar eller mejl skickas.')).toBeVisible();
  await expect(plugin(page).locator('.steps li')).toHaveCount(2);
  await picture(page, 'control-preview');
  expect([(await blikk.all()).length, (await outlook.all()).length]).toEqual([1, 1]);

  const report = nextReport(page);
  await plugin(page).locator('.panel').getByRole('button', { name: 'Synkronisera nu' }).click();
  expect(await report).toMatchObject({
    outcome: { kind: 'done' },
    blikk: { ...none, created: 1 },
    exchange: { ...none, created: 1 },
  });
  expect(byTitle(await blikk.all())).toEqual(byTitle(await outlook.all()));
});

test('scenario 7: when most of a calendar is gone nothing is deleted before a yes, also after a reload', async ({
  page,
  person,
  blikk,
  outlook,
}) => {
  for (let hour = 6; hour < 18; hour++) await outlook.create({ title: `Kl ${hour}`, ...at(hour) });
  await openSettings(page, person);
  await synchronise(page);
  expect(await blikk.all()).toHaveLength(12);
  for (const event of (await outlook.all()).slice(0, 8)) await outlook.remove(event);

  expect((await synchronise(page)).outcome.kind).toBe('held');
  await expect(plugin(page).locator('tr[data-plan=blikk] td')).toHaveText(['0', '0', '8']);
  await picture(page, 'control-held');
  expect(await blikk.all()).toHaveLength(12);
  await page.reload();
  await plugin(page).getByRole('button', { name: 'Nej, inget tas bort' }).click();
  await expect(plugin(page).getByText('Synkroniseringen står stilla')).toBeVisible();
  expect(await blikk.all()).toHaveLength(12);

  await plugin(page).getByRole('button', { name: 'Visa vad som väntar' }).click();
  const report = nextReport(page);
  await plugin(page).getByRole('button', { name: 'Ja, ta bort 8 händelser' }).click();
  expect(await report).toMatchObject({ outcome: { kind: 'done' }, blikk: { ...none, deleted: 8 }, exchange: none });
  expect(byTitle(await blikk.all())).toEqual(byTitle(await outlook.all()));
});

test('what a run did is undone by clicks, and stays undone', async ({ page, person, blikk, outlook }) => {
  await outlook.create({ title: 'Kvar', ...at(8) });
  await outlook.create({ title: 'Tas bort', ...at(10) });
  await openSettings(page, person);
  await synchronise(page);
  await outlook.remove(titled(await outlook.all(), 'Tas bort'));
  expect(await synchronise(page)).toMatchObject({ blikk: { ...none, deleted: 1 } });
  expect(await blikk.all()).toHaveLength(1);

  await plugin(page).getByText('Historik och ångra').click();
  const latest = plugin(page).locator('.runs > li').first();
  await expect(latest).toContainText('Blikk: 1 borttagen');
  await latest.locator('summary').click();
  await expect(latest.locator('.steps li')).toContainText(['Tas bort']);
  await latest.getByRole('button', { name: 'Ångra' }).click();
  await expect(latest.locator('.deed')).toContainText('Ställs tillbaka');
  await picture(page, 'control-undo');
  const report = nextReport(page);
  await latest.getByRole('button', { name: 'Ja, ångra' }).click();
  expect((await report).outcome.kind).toBe('done');
  await expect(plugin(page).locator('.runs > li').first()).toContainText('ångrades');
  expect((await blikk.all()).map(({ title }) => title)).toContain('Tas bort');

  // What was put back is left alone until somebody changes it again.
  expect(await synchronise(page)).toMatchObject({ outcome: { kind: 'done' }, blikk: none, exchange: none });
  await blikk.update(titled(await blikk.all(), 'Tas bort'), { place: 'Åre' });
  await synchronise(page);
  expect(byTitle(await blikk.all())).toEqual(byTitle(await outlook.all()));
});

test('two edits of the same thing wait for the person, who chooses between them side by side', async ({
  page,
  person,
  blikk,
  outlook,
}) => {
  await outlook.create({ title: 'Kundmöte', ...at(8) });
  await openSettings(page, person);
  await synchronise(page);
  await plugin(page).getByText('Inställningar', { exact: true }).click();
  await plugin(page).getByLabel('Om samma sak har ändrats på båda ställena').selectOption('Fråga mig');
  await plugin(page).getByRole('button', { name: 'Spara' }).click();
  await expect(plugin(page).getByText('Sparat.', { exact: true })).toBeVisible();

  await outlook.update(titled(await outlook.all(), 'Kundmöte'), { title: 'Kundmöte i Åre' });
  await blikk.update(titled(await blikk.all(), 'Kundmöte'), { title: 'Kundmöte i Östersund' });
  expect(await synchronise(page)).toMatchObject({ outcome: { kind: 'done' }, blikk: none, exchange: none, asking: 1 });
  const question = plugin(page).locator('.question');
  await expect(question.getByRole('row').nth(1)).toHaveText(
    /rubrik\s*Kundmöte\s*Kundmöte i Östersund\s*Kundmöte i Åre/,
  );
  await picture(page, 'control-question');
  const answered = nextReport(page);
  await question.getByRole('button', { name: /^Blikk gäller/ }).click();
  expect(await answered).toMatchObject({ outcome: { kind: 'done' }, exchange: { ...none, updated: 1 }, asking: 0 });
  await expect(question).toHaveCount(0);
  expect((await outlook.all()).map(({ title }) => title)).toEqual(['Kundmöte i Östersund']);
  expect(byTitle(await blikk.all())).toEqual(byTitle(await outlook.all()));
});

test('scenario 23: private events become busy in Blikk after they were shown in the plan, and never their words', async ({
  page,
  person,
  blikk,
  outlook,
}) => {
  await outlook.create({ title: 'Läkarbesök', body: 'Rygg', place: 'Vårdcentralen', visibility: 'private', ...at(8) });
  await outlook.create({ title: 'Öppet', ...at(9) });
  await openSettings(page, person);
  await plugin(page).getByText('Inställningar', { exact: true }).click();
  await plugin(page).getByLabel('Privata händelser').selectOption('Visas som upptagen i Blikk');
  await plugin(page).getByRole('button', { name: 'Spara' }).click();
  await plugin(page).locator('#options-saved').getByRole('button', { name: 'Visa vad som skulle hända' }).click();
  await expect(plugin(page).locator('.steps')).toContainText('Upptagen');
  await expect(plugin(page).locator('.steps')).not.toContainText('Läkarbesök');
  await synchronise(page);
  expect((await blikk.all()).map(({ title, body, place }) => [title, body, place]).sort()).toEqual([
    ['Upptagen', '', ''],
    ['Öppet', '', ''],
  ]);
});

test('scenario 24: pausing and disconnecting delete nothing, and beginning again doubles nothing', async ({
  page,
  person,
  blikk,
  outlook,
}) => {
  await outlook.create({ title: 'I Outlook', ...at(8) });
  await blikk.create({ title: 'I Blikk', ...at(9) });
  await openSettings(page, person);
  await synchronise(page);
  const before = [await blikk.all(), await outlook.all()];
  await plugin(page).getByText('Pausa eller koppla från').click();
  await plugin(page).getByRole('button', { name: 'Pausa' }).click();
  await expect(theSwitch(page)).toHaveAttribute('aria-checked', 'false');
  await plugin(page).getByRole('button', { name: 'Koppla från', exact: true }).click();
  const parted = nextReport(page);
  await plugin(page).getByRole('button', { name: 'Ja, koppla från' }).click();
  expect(await parted).toMatchObject({ outcome: { kind: 'done' }, blikk: none, exchange: none });
  expect([await blikk.all(), await outlook.all()]).toEqual(before);

  expect(await synchronise(page)).toMatchObject({ outcome: { kind: 'done' }, blikk: none, exchange: none, linked: 2 });
  expect([(await blikk.all()).length, (await outlook.all()).length]).toEqual([2, 2]);
});

test('scenario 24: disconnecting with removal takes away what we created and only that', async ({
  page,
  person,
  blikk,
  outlook,
}) => {
  await outlook.create({ title: 'I Outlook', ...at(8) });
  await blikk.create({ title: 'I Blikk', ...at(9) });
  await openSettings(page, person);
  await synchronise(page);
  await plugin(page).getByText('Pausa eller koppla från').click();
  await plugin(page).getByRole('button', { name: 'Visa vad som tas bort' }).click();
  await expect(plugin(page).locator('.deed .steps li')).toHaveCount(2);
  await picture(page, 'control-removal');
  const parted = nextReport(page);
  await plugin(page).getByRole('button', { name: 'Ja, ta bort 2 händelser och koppla från' }).click();
  expect(await parted).toMatchObject({
    outcome: { kind: 'done' },
    blikk: { ...none, deleted: 1 },
    exchange: { ...none, deleted: 1 },
  });
  await expect(theSwitch(page)).toHaveAttribute('aria-checked', 'false');
  expect((await blikk.all()).map(({ title }) => title)).toEqual(['I Blikk']);
  expect((await outlook.all()).map(({ title }) => title)).toEqual(['I Outlook']);
});

test.describe('by itself', () => {
  test.use({ byItself: true });

  test('what is changed in Blikk is in Outlook without a click, on the page with the plugin and on the one without', async ({
    page,
    person,
    outlook,
  }) => {
    await openSettings(page, person);
    await synchronise(page);
    for (const [place, title] of [
      ['Inställningar', 'Från inställningarna'],
      ['Kalender', 'Från kalendern'],
    ] as const) {
      await page.goto(place === 'Kalender' ? '/#/' : '/#/installningar');
      await expect(page.getByRole('heading', { name: place, exact: true })).toBeVisible();
      await page.locator('#blikk').getByRole('button', { name: 'Ny händelse' }).click();
      await page.getByLabel('Rubrik').fill(title);
      await page.getByRole('button', { name: 'Spara' }).click();
      await expect.poll(async () => (await outlook.all()).map((event) => event.title)).toContain(title);
    }
  });

  test('of two tabs one synchronises what the host says was changed, and the other shows the same', async ({
    page,
    context,
    person,
    outlook,
    blikk,
  }) => {
    await openSettings(page, person);
    await synchronise(page);
    const other = await context.newPage();
    await openAgain(other);
    await outlook.create({ title: 'Nytt', ...at(8) });
    await page.evaluate(() =>
      (document.querySelector('blikk-calendar-sync') as HTMLElement & { changed(): void }).changed(),
    );
    for (const tab of [page, other])
      await expect(plugin(tab).locator('tr[data-side=blikk] td')).toHaveText(['1', '0', '0']);
    expect(await blikk.all()).toHaveLength(1);
  });
});
