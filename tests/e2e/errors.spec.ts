// Everything that goes wrong says so in both languages with its stable code, and loses nothing: when the trouble is
// over, the next run finishes the work.

import { texts } from '../../www/src/texts.ts';
import type { Code } from '../../www/src/generated/core.ts';
import { byTitle, heal, spoil, type Fault } from './calendars.ts';
import { day, expect, openSettings, picture, plugin, synchronise, test } from './support.ts';

const html = { text: '<!doctype html><title>Logga in</title>', contentType: 'text/html' };

const cases: [what: string, side: 'blikk' | 'exchange', fault: Fault['fault'], code: Code, operation?: string][] = [
  ['the service password is wrong', 'exchange', { kind: 'status', code: 401 }, 'exchange.unauthorized'],
  ['the service account may not use EWS', 'exchange', { kind: 'status', code: 403 }, 'exchange.forbidden'],
  [
    'the service account may not impersonate',
    'exchange',
    { kind: 'soapFault', responseCode: 'ErrorImpersonateUserDenied' },
    'exchange.impersonation_denied',
  ],
  [
    'a fault comes inside a 200',
    'exchange',
    { kind: 'soapFault', responseCode: 'ErrorImpersonateUserDenied', status: 200 },
    'exchange.impersonation_denied',
  ],
  [
    'the mailbox is unknown',
    'exchange',
    { kind: 'soapFault', responseCode: 'ErrorNonExistentMailbox' },
    'exchange.mailbox_unknown',
  ],
  ['Exchange is down', 'exchange', { kind: 'dropBefore' }, 'exchange.unreachable'],
  [
    'Exchange fails',
    'exchange',
    { kind: 'status', code: 500, body: 'oj', contentType: 'text/plain' },
    'exchange.failed',
  ],
  ['a sign-in page comes instead of XML', 'exchange', { kind: 'body', ...html }, 'exchange.not_xml'],
  [
    'XML comes that is not SOAP',
    'exchange',
    { kind: 'body', text: '<hej/>', contentType: 'text/xml' },
    'exchange.not_soap',
  ],
  [
    'the XML ends in the middle',
    'exchange',
    {
      kind: 'body',
      text: '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><m:Get',
      contentType: 'text/xml',
    },
    'exchange.truncated',
  ],
  [
    'the connection breaks in the middle of the answer',
    'exchange',
    { kind: 'truncate', bytes: 300 },
    'exchange.unreachable',
  ],
  ['the answer has 50 MB', 'exchange', { kind: 'huge', bytes: 50_000_000 }, 'exchange.too_large'],
  ['Exchange is busy for too long', 'exchange', { kind: 'status', code: 503, retryAfter: 1 }, 'exchange.busy'],
  ["Blikk's session has run out", 'blikk', { kind: 'status', code: 401 }, 'blikk.unauthorized'],
  ['the user may not use the calendar', 'blikk', { kind: 'status', code: 403 }, 'blikk.forbidden'],
  ['the calendar is not there', 'blikk', { kind: 'status', code: 404 }, 'blikk.not_found'],
  ['Blikk is busy for too long', 'blikk', { kind: 'status', code: 429, retryAfter: 1 }, 'blikk.busy'],
  ['Blikk fails', 'blikk', { kind: 'status', code: 500 }, 'blikk.failed'],
  ['Blikk is down', 'blikk', { kind: 'dropBefore' }, 'blikk.unreachable'],
  ['Blikk answers something else', 'blikk', { kind: 'body', ...html }, 'blikk.not_understood'],
  ['the answer of Blikk has 20 MB', 'blikk', { kind: 'huge', bytes: 20_000_000 }, 'blikk.too_large'],
];

for (const [what, side, fault, code, operation = side === 'blikk' ? 'GET /v1/calendar/changes' : '*'] of cases) {
  test(`${what}: ${code}`, async ({ page, person, blikk, outlook }) => {
    await outlook.create({ title: 'I Outlook', start: day(0, '08:00'), end: day(0, '09:00') });
    await blikk.create({ title: 'I Blikk', start: day(1, '08:00'), end: day(1, '09:00') });
    await openSettings(page, person);
    await spoil(side, { match: { operation, times: 1000 }, fault });

    const report = await synchronise(page);
    expect(report.outcome).toMatchObject({ kind: 'failed', problem: { code } });
    await showsProblem(page, code);

    await heal();
    expect(await synchronise(page)).toMatchObject({ outcome: { kind: 'done' } });
    expect(byTitle(await outlook.all())).toEqual(byTitle(await blikk.all()));
    expect(await blikk.all()).toHaveLength(2);
  });
}

test('a token that the gateway does not accept', async ({ page, person }) => {
  await openSettings(page, person);
  await page.route('**/v1/calendar/gateway-token', (route) => route.fulfill({ json: { token: 'not.a.token' } }));
  expect((await synchronise(page)).outcome).toMatchObject({ problem: { code: 'gateway.token_invalid' } });
  await showsProblem(page, 'gateway.token_invalid');
});

test('a host that has no token any more', async ({ page, person }) => {
  await openSettings(page, person);
  await page.route('**/v1/calendar/gateway-token', (route) => route.fulfill({ status: 401 }));
  expect((await synchronise(page)).outcome).toMatchObject({ problem: { code: 'gateway.token_expired' } });
  await showsProblem(page, 'gateway.token_expired');
});

test('an event of 100 kB is synchronised', async ({ page, person, blikk, outlook }) => {
  const body = 'Långt protokoll på många rader. '.repeat(3200).trim();
  await outlook.create({ title: 'Stor', body, start: day(0, '08:00'), end: day(0, '09:00') });
  await openSettings(page, person);
  expect(await synchronise(page)).toMatchObject({ outcome: { kind: 'done' }, blikk: { created: 1 } });
  expect((await blikk.all())[0]?.body).toBe(body);
});

test('one event that Blikk refuses is set aside, and the others synchronise', async ({
  page,
  person,
  blikk,
  outlook,
}) => {
  for (const hour of ['08', '10', '12'])
    await outlook.create({ title: `Kl ${hour}`, start: day(0, `${hour}:00`), end: day(0, `${hour}:30`) });
  await openSettings(page, person);
  await spoil('blikk', {
    match: { operation: 'POST /v1/calendar/events', skip: 1, times: 1 },
    fault: { kind: 'status', code: 400 },
  });
  const report = await synchronise(page);
  expect(report).toMatchObject({
    outcome: { kind: 'done' },
    blikk: { created: 2 },
    notSynchronised: { 'blikk.event_refused': 1 },
  });
  expect(await blikk.all()).toHaveLength(2);
  await expect(plugin(page).locator('[data-code="blikk.event_refused"]')).toContainText(
    texts['blikk.event_refused'].sv.what,
  );
  await plugin(page).getByText('Visa vilka').click();
  await expect(plugin(page).locator('.notes .name')).toHaveText([/^Kl \d\d$/]);
});

type Page = Parameters<typeof openSettings>[0];

async function showsProblem(page: Page, code: Code): Promise<void> {
  await expect(plugin(page).locator('code')).toHaveText(code);
  for (const [language, name] of [
    ['sv', 'Svenska'],
    ['en', 'English'],
  ] as const) {
    await page.getByLabel('Språk i kalendersynken').selectOption(name);
    const { what, todo } = texts[code][language];
    await expect(plugin(page).locator('.message')).toContainText(what);
    await expect(plugin(page).locator('.message')).toContainText(todo);
  }
  await page.getByLabel('Språk i kalendersynken').selectOption('Svenska');
}

test('a memory whose head cannot be read is begun anew by two clicks, and nothing is written for it', async ({
  page,
  person,
  blikk,
  outlook,
}) => {
  await outlook.create({ title: 'I Outlook', start: day(0, '08:00'), end: day(0, '09:00') });
  await blikk.create({ title: 'I Blikk', start: day(1), end: day(2), allDay: true });
  const element = await openSettings(page, person);
  await element.evaluate((element) => element.setAttribute('state', 'browser'));
  expect(await synchronise(page)).toMatchObject({ outcome: { kind: 'done' } });
  const before = [await outlook.all(), await blikk.all()];

  await spoilHead(page, { options: 7 });
  expect(await synchronise(page)).toMatchObject({ outcome: { problem: { code: 'store.unreadable' } } });
  await plugin(page).getByRole('button', { name: 'Börja om …' }).click();
  await plugin(page).getByRole('button', { name: 'Ja, börja om' }).click();
  await expect(plugin(page).getByText(/^Klart\. Nästa synkronisering kan börja/)).toBeVisible();
  await picture(page, 'begun-anew');
  // What another device may have sent has two minutes to arrive.
  expect(await synchronise(page)).toMatchObject({ outcome: { problem: { code: 'run.elsewhere' } } });
  await spoilHead(page, { lease: null });
  const nothing = { created: 0, updated: 0, deleted: 0 };
  const recognised = { outcome: { kind: 'done' }, blikk: nothing, exchange: nothing, linked: 2 };
  expect(await synchronise(page)).toMatchObject(recognised);
  expect([await outlook.all(), await blikk.all()]).toEqual(before);
});

/** Changes what this browser remembers of the pair, as only something that is broken would. */
async function spoilHead(page: Page, changes: object): Promise<void> {
  await plugin(page).evaluate(async (element, changes) => {
    const { userId } = (element as HTMLElement & { host: { userId: string } }).host;
    const opening = indexedDB.open(`blikk-calendar-sync:${userId}`);
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const heads = opening.result.transaction('head', 'readwrite').objectStore('head');
    const reading = heads.get('head');
    await new Promise((resolve) => (reading.onsuccess = resolve));
    const writing = heads.put({ ...(reading.result as object), ...changes }, 'head');
    await new Promise((resolve) => (writing.onsuccess = resolve));
    opening.result.close();
  }, changes);
}
