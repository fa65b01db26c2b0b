// The page around a run: two tabs, cancelling, strict hosts, small screens, keyboards.

import { addresses, byTitle, heal, spoil, type NewEvent } from './calendars.ts';
import {
  day,
  expect,
  nextReport,
  openAgain,
  openSettings,
  picture,
  plugin,
  signIn,
  synchronise,
  test,
  theSwitch,
} from './support.ts';

test('of two tabs one synchronises, and the other says so and shows the result', async ({
  page,
  context,
  person,
  outlook,
  blikk,
}) => {
  for (let hour = 8; hour < 14; hour++)
    await outlook.create({
      title: `Kl ${hour}`,
      start: day(0, `${String(hour).padStart(2, '0')}:00`),
      end: day(0, `${String(hour).padStart(2, '0')}:30`),
    });
  const other = await context.newPage();
  await openSettings(page, person);
  await openAgain(other);
  await spoil('exchange', {
    match: { operation: 'SyncFolderItems', user: person.email, times: 1 },
    fault: { kind: 'delay', ms: 4000 },
  });

  const first = nextReport(page);
  await theSwitch(page).click();
  await expect(plugin(page).getByRole('progressbar')).toBeVisible();
  await expect(theSwitch(other)).toHaveAttribute('aria-checked', 'true');
  const second = nextReport(other);
  await plugin(other).getByRole('button', { name: 'Synkronisera nu' }).click();
  expect((await second).outcome).toMatchObject({ kind: 'failed', problem: { code: 'run.already_running' } });
  await expect(plugin(other).getByText('Synkroniseringen pågår redan i en annan flik.').last()).toBeVisible();

  expect((await first).outcome).toMatchObject({ kind: 'done' });
  await expect(plugin(other).getByText('Klart! Kalendrarna är lika.').last()).toBeVisible();
  expect(await blikk.all()).toHaveLength(6);
});

test('a cancelled run keeps what it did, and the next one finishes without doubling anything', async ({
  page,
  person,
  outlook,
  blikk,
}) => {
  for (let minute = 10; minute < 40; minute++)
    await outlook.create({ title: `Händelse ${minute}`, start: day(0, `08:${minute}`), end: day(0, '09:00') });
  await openSettings(page, person);
  await spoil('blikk', {
    match: { operation: 'POST /v1/calendar/events', skip: 5, times: 1000 },
    fault: { kind: 'delay', ms: 400 },
  });
  const report = nextReport(page);
  await theSwitch(page).click();
  await expect.poll(async () => (await blikk.all()).length).toBeGreaterThan(5);
  await plugin(page).getByRole('button', { name: 'Avbryt' }).click();
  expect((await report).outcome).toEqual({ kind: 'cancelled' });
  await expect(plugin(page).getByText('Avbruten.', { exact: true }).last()).toBeVisible();
  const done = (await blikk.all()).length;
  expect(done).toBeLessThan(30);

  await heal();
  expect(await synchronise(page)).toMatchObject({ outcome: { kind: 'done' } });
  expect(await blikk.all()).toHaveLength(30);
  expect(byTitle(await outlook.all())).toEqual(byTitle(await blikk.all()));
});

test('a tab that is closed in the middle of a run loses and doubles nothing', async ({
  page,
  context,
  person,
  outlook,
  blikk,
}) => {
  for (let minute = 10; minute < 30; minute++)
    await outlook.create({ title: `Händelse ${minute}`, start: day(0, `08:${minute}`), end: day(0, '09:00') });
  await openSettings(page, person);
  await spoil('blikk', {
    match: { operation: 'POST /v1/calendar/events', times: 1000 },
    fault: { kind: 'delay', ms: 300 },
  });
  await theSwitch(page).click();
  await expect.poll(async () => (await blikk.all()).length).toBeGreaterThan(2);
  await page.close();
  await heal();

  const again = await context.newPage();
  await openAgain(again);
  expect(await synchronise(again)).toMatchObject({ outcome: { kind: 'done' } });
  expect(byTitle(await blikk.all())).toEqual(byTitle(await outlook.all()));
});

test('the plugin works under the Content-Security-Policy that the README asks of a host', async ({
  page,
  person,
  outlook,
  blikk,
}) => {
  const { gateway, exchange } = addresses;
  const policy = `default-src 'none'; script-src 'self' ${gateway} 'wasm-unsafe-eval'; worker-src blob: ${gateway}; connect-src 'self' ${gateway} ${exchange}; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self'`;
  await page.route('**/*', async (route) => {
    if (route.request().resourceType() !== 'document') return route.fallback();
    const response = await route.fetch();
    return route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
  });
  const blocked: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) blocked.push(message.text());
  });
  await outlook.create({ title: 'Under sträng policy', start: day(0, '08:00'), end: day(0, '09:00') });
  await openSettings(page, person);
  expect(await synchronise(page)).toMatchObject({ outcome: { kind: 'done' }, blikk: { created: 1 } });
  expect(await blikk.all()).toHaveLength(1);
  expect(blocked).toEqual([]);
});

test('nothing of worker and Wasm is loaded before it is needed', async ({ page, person }) => {
  const loaded: string[] = [];
  page.on('request', (request) => loaded.push(request.url()));
  await openSettings(page, person);
  await expect(theSwitch(page)).toBeEnabled();
  expect(loaded.filter((url) => /worker|\.wasm/.test(url))).toEqual([]);
  expect(loaded.filter((url) => url.endsWith('/plugin/blikk-calendar-sync.js'))).toHaveLength(1);
});

test('the keyboard is enough: Tab to the switch, Space, Tab to Synkronisera nu, Enter', async ({ page, person }) => {
  await openSettings(page, person);
  await page.getByLabel('Språk i kalendersynken').focus();
  await page.keyboard.press('Tab');
  await expect(theSwitch(page)).toBeFocused();
  const first = nextReport(page);
  await page.keyboard.press('Space');
  await first;
  await page.keyboard.press('Tab');
  const second = nextReport(page);
  await page.keyboard.press('Enter');
  expect(await second).toMatchObject({ outcome: { kind: 'done' } });
});

test('progress and result are told to a screen reader', async ({ page, person, outlook }) => {
  await outlook.create({ title: 'Möte', start: day(0, '08:00'), end: day(0, '09:00') });
  await openSettings(page, person);
  const status = plugin(page).getByRole('status');
  await expect(status).toHaveText('');
  await synchronise(page);
  await expect(status).toHaveText('Klart! Kalendrarna är lika.');
});

test('a calendar of its own, Blikk, is made and filled by clicks, and going back doubles nothing', async ({
  page,
  person,
  outlook,
  blikk,
}) => {
  const hour = (from: number): Pick<NewEvent, 'start' | 'end'> => ({
    start: day(0, `${from}:00`),
    end: day(0, `${from}:30`),
  });
  const made = { created: 0, updated: 0, deleted: 0 };
  await outlook.create({ title: 'I den vanliga', ...hour(10) });
  await blikk.create({ title: 'I Blikk', ...hour(11) });
  await openSettings(page, person);
  await synchronise(page);
  const inFirst = await outlook.all();

  const calendar = plugin(page).locator('.calendar');
  const change = calendar.getByRole('button', { name: 'Byt kalender' });
  await expect(calendar).toContainText('Kalender i Outlook: den vanliga');
  await change.click();
  await calendar.getByLabel('Skapa en egen kalender: Blikk').click();
  await picture(page, 'calendar-choice');
  const filled = nextReport(page);
  await calendar.getByRole('button', { name: 'Ja, byt' }).click();
  expect(await filled).toMatchObject({ outcome: { kind: 'done' }, blikk: made, exchange: { ...made, created: 2 } });
  await expect(calendar).toContainText('Kalender i Outlook: Blikk');
  expect(byTitle(await outlook.all('Blikk'))).toEqual(byTitle(await blikk.all()));
  expect(await outlook.all()).toEqual(inFirst);

  await outlook.create({ title: 'Ny i den nya', ...hour(12) }, 'Blikk');
  expect(await synchronise(page)).toMatchObject({ blikk: { ...made, created: 1 }, exchange: made });
  await page.reload();
  await expect(calendar).toContainText('Kalender i Outlook: Blikk');

  await change.click();
  await expect(calendar.getByLabel('Skapa en egen kalender: Blikk')).toHaveCount(0);
  await calendar.getByRole('radio').first().click();
  const back = nextReport(page);
  await calendar.getByRole('button', { name: 'Ja, byt' }).click();
  expect(await back).toMatchObject({ outcome: { kind: 'done' }, blikk: made, exchange: { ...made, created: 1 } });
  for (const name of [undefined, 'Blikk']) expect(byTitle(await outlook.all(name))).toEqual(byTitle(await blikk.all()));
});

for (const width of [360, 768]) {
  test(`everything fits on a screen of ${width} px`, async ({ page, person, outlook }) => {
    await page.setViewportSize({ width, height: 740 });
    await outlook.create({
      title: 'Ett möte med ett ovanligt långt namn som inte går att bryta:donaudampfschifffahrtsgesellschaft',
      start: day(0, '08:00'),
      end: day(0, '09:00'),
    });
    await signIn(page, person);
    await synchronise(page);
    await page.getByRole('button', { name: 'Nästa vecka' }).click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await picture(page, `width-${width}`);
  });
}

test('a host that wants to know hears of progress, end and errors', async ({ page, person, outlook }) => {
  await outlook.create({ title: 'Möte', start: day(0, '08:00'), end: day(0, '09:00') });
  await openSettings(page, person);
  await page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    for (const name of ['blikk-sync-progress', 'blikk-sync-finished', 'blikk-sync-error'])
      document.addEventListener(name, () => heard.push(name));
  });
  await synchronise(page);
  const heard = (): Promise<string[]> => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
  expect(new Set(await heard())).toEqual(new Set(['blikk-sync-progress', 'blikk-sync-finished']));
  await spoil('exchange', { match: { user: person.email, times: 1000 }, fault: { kind: 'status', code: 401 } });
  await synchronise(page);
  expect((await heard()).slice(-2)).toEqual(['blikk-sync-finished', 'blikk-sync-error']);
});
