// The two elements by themselves, without Wasm: what they say before, between and after runs.

import { expect, test, type Answer } from './browser.ts';
import { choose, place, pretendWorkers, remember } from './card.ts';
import { report } from './plans.ts';

test('without a host the element says so and its switch does nothing', async ({ blank }) => {
  await place(blank, { tag: 'blikk-calendar-sync', user: '' });
  await expect(blank.getByText('Sidan har inte kopplat in kalendern ännu.')).toBeVisible();
  await expect(blank.getByRole('switch')).toHaveAttribute('aria-disabled', 'true');
});

test('a host that was set before the script arrived is used', async ({ blank }) => {
  await place(blank, { tag: 'blikk-calendar-sync' });
  await expect(blank.getByRole('switch', { name: 'Synkronisera min kalender' })).toHaveAttribute(
    'aria-disabled',
    'false',
  );
  await expect(blank.getByRole('switch')).toHaveAttribute('aria-checked', 'false');
});

test('an element that is moved in the page goes on working', async ({ blank }) => {
  await remember(blank, report({ linked: 1 }));
  await place(blank, { tag: 'blikk-calendar-sync' });
  await expect(blank.getByRole('switch')).toHaveAttribute('aria-checked', 'true');
  await blank.evaluate(() => {
    const element = document.querySelector('blikk-calendar-sync') as Element;
    element.remove();
    document.body.append(element);
  });
  await expect(blank.getByRole('switch')).toHaveAttribute('aria-checked', 'true');
});

test('the language is the attribute, else the nearest one of the page', async ({ blank }) => {
  await place(blank, { tag: 'blikk-calendar-sync', attributes: { lang: 'en' } });
  await expect(blank.getByRole('heading', { name: 'Synchronise my calendar' })).toBeVisible();
  await blank.evaluate(() => document.querySelector('blikk-calendar-sync')?.setAttribute('lang', ''));
  await expect(blank.getByRole('heading', { name: 'Synkronisera min kalender' })).toBeVisible();
});

test('a remembered report shows counts, reasons and remarks', async ({ blank }) => {
  const untitled = { side: 'blikk', event: { problem: { code: 'event.untitled' }, title: '' } } as const;
  await remember(
    blank,
    report({
      blikk: { created: 12, updated: 3, deleted: 1 },
      linked: 2,
      notSynchronised: { 'event.rule_not_expressible': 4 },
      notes: [untitled],
    }),
  );
  await place(blank, { tag: 'blikk-calendar-sync' });
  await expect(blank.locator('tr[data-side=blikk] td')).toHaveText(['12', '3', '1']);
  await expect(blank.getByText('2 händelser fanns redan på båda ställena och hör nu ihop.')).toBeVisible();
  await expect(blank.locator('[data-code="event.rule_not_expressible"]')).toContainText(
    'Upprepningen går inte att lägga in i Outlook.',
  );
  await blank.getByText('Bra att veta (1)').click();
  await expect(blank.getByText('(utan rubrik)')).toBeVisible();
});

test('a failure shows what to do, until when to wait, the code and the words of the server', async ({ blank }) => {
  const problem = {
    code: 'exchange.busy',
    server: 'ErrorServerBusy <script>alert(1)</script>',
    waitSeconds: 3600,
  } as const;
  await remember(blank, report({ outcome: { kind: 'failed', side: 'exchange', problem } }));
  await place(blank, { tag: 'blikk-calendar-sync' });
  await expect(blank.getByText('Exchange har mycket att göra och ber oss vänta.').last()).toBeVisible();
  await expect(blank.getByText(/Vi försöker igen \d\d:\d\d:\d\d\./)).toBeVisible();
  await expect(blank.locator('code')).toHaveText('exchange.busy');
  await expect(blank.getByText('Servern svarade: ErrorServerBusy <script>alert(1)</script>')).toBeVisible();
  await expect(blank.getByRole('button', { name: 'Försök igen' })).toBeVisible();
});

test('a host page can theme the element, and light and dark follow its colour scheme', async ({ blank }) => {
  await place(blank, { tag: 'blikk-calendar-sync' });
  const card = blank.locator('blikk-calendar-sync .card');
  await expect(card).toHaveCSS('background-color', 'rgb(255, 255, 255)');
  await blank.evaluate(() => (document.body.style.colorScheme = 'dark'));
  await expect(card).toHaveCSS('background-color', 'rgb(24, 34, 38)');
  await blank.evaluate(() => document.body.style.setProperty('--blikk-sync-surface', 'rgb(1, 2, 3)'));
  await expect(card).toHaveCSS('background-color', 'rgb(1, 2, 3)');
});

// --- Kalender i Outlook ---

const choices = [
  { folder: null, name: 'Kalender' },
  { folder: 'AAMkTeam=', name: 'Team' },
];
const found = choices;
const ran = report({ exchange: { created: 2, updated: 0, deleted: 0 } });

test('the calendars are asked for when the list is opened, and a yes chooses one and fills it', async ({ blank }) => {
  const own = { folder: 'AAMkOwn=', name: 'Blikk' };
  const errands = await pretendWorkers(blank, { calendars: found, createCalendar: own, run: ran });
  await remember(blank, report({ linked: 7 }));
  await place(blank, { tag: 'blikk-calendar-sync' });
  await expect(blank.getByText('Kalender i Outlook: den vanliga')).toBeVisible();
  await expect(blank.getByText('7 händelser fanns redan')).toBeVisible();
  expect(await errands.names()).toEqual([]);

  await blank.getByRole('button', { name: 'Byt kalender' }).click();
  const list = blank.getByRole('group', { name: 'Välj vilken kalender som ska synkroniseras' });
  await expect(list.locator('label')).toHaveText(['Kalender', 'Team', 'Skapa en egen kalender: Blikk']);
  await expect(list.getByLabel('Kalender', { exact: true })).toBeChecked();
  await list.getByLabel('Team').click();
  await expect(
    blank.getByText(/^Allt som finns i Blikk läggs in i kalendern ”Team” och .* i ”Kalender” ligger kvar/),
  ).toBeVisible();
  await blank.getByRole('button', { name: 'Nej' }).click();
  await expect(list.getByLabel('Kalender', { exact: true })).toBeChecked();
  expect(await errands.names()).toEqual(['calendars']);

  await list.getByLabel('Skapa en egen kalender: Blikk').click();
  await blank.getByRole('button', { name: 'Ja, byt' }).click();
  await expect(blank.getByText('Kalender i Outlook: Blikk')).toBeVisible();
  await expect(blank.locator('tr[data-side=exchange] td')).toHaveText(['2', '0', '0']);
  expect(await errands.names()).toEqual(['calendars', 'createCalendar', 'run']);
  // The former pair's report says nothing of the new pair.
  await expect(blank.getByText('7 händelser fanns redan')).toHaveCount(0);
});

test('the keyboard is enough to choose a calendar, and the focus is never lost', async ({ blank }) => {
  await pretendWorkers(blank, { calendars: found });
  await place(blank, { tag: 'blikk-calendar-sync', attributes: { lang: 'en' } });
  const change = blank.getByRole('button', { name: 'Change calendar' });
  await change.focus();
  await blank.keyboard.press('Enter');
  await expect(change).toHaveAttribute('aria-expanded', 'true');
  await expect(blank.getByLabel('Kalender', { exact: true })).toBeFocused();
  await blank.keyboard.press('ArrowDown');
  await expect(blank.getByRole('status').filter({ hasText: 'Change to “Team”?' })).toBeVisible();
  await blank.keyboard.press('Tab');
  await expect(blank.getByRole('button', { name: 'Yes, change' })).toBeFocused();
  await blank.keyboard.press('Enter');
  await expect(blank.getByText('Calendar in Outlook: Team')).toBeVisible();
  await expect(change).toBeFocused();
  await expect(change).toHaveAttribute('aria-expanded', 'false');
});

test('a calendar that is gone is said so, and another can be chosen at once', async ({ blank }) => {
  await pretendWorkers(blank, { calendars: choices.slice(0, 1) });
  const problem = { code: 'exchange.folder_gone', server: 'ErrorFolderNotFound' } as const;
  await choose(
    blank,
    { folder: 'AAMkTeam=', name: 'Team' },
    report({ outcome: { kind: 'failed', side: 'exchange', problem } }),
  );
  await place(blank, { tag: 'blikk-calendar-sync' });
  await expect(blank.getByText('Kalendern som ska synkroniseras finns inte längre i Outlook.').last()).toBeVisible();
  await blank.getByRole('button', { name: 'Välj en annan kalender' }).click();
  await expect(blank.getByRole('radio', { checked: true })).toHaveCount(0);
  await blank.getByLabel('Kalender', { exact: true }).click();
  await expect(
    blank.getByText('Allt som finns i Blikk läggs in i kalendern ”Kalender” och det som finns där kommer till Blikk.', {
      exact: true,
    }),
  ).toBeVisible();
});

test('a list that does not come says why', async ({ blank }) => {
  const broken = { broken: { code: 'exchange.unauthorized' } } as const;
  await pretendWorkers(blank, { calendars: broken });
  await place(blank, { tag: 'blikk-calendar-sync' });
  await blank.getByRole('button', { name: 'Byt kalender' }).click();
  await expect(blank.getByRole('alert')).toContainText('Exchange godtar inte tjänstekontots inloggning.');
  await expect(blank.getByText('Kalender i Outlook: den vanliga')).toBeVisible();
});

// --- Kalenderintegration ---

const providers = [
  { id: 'office365', name: 'Office 365', serverUrl: 'https://outlook.example/EWS/Exchange.asmx' },
  { id: 'egen', name: 'Egen server', serverUrl: null },
];
const empty = {
  objectName: 'calendarIntegration',
  provider: null,
  account: null,
  serverUrl: null,
  hasPassword: false,
  savedAt: null,
  providers,
};
const kept = {
  ...empty,
  provider: 'office365',
  account: 'servicekonto@konsult.example',
  hasPassword: true,
  savedAt: '2027-03-01T08:00:00Z',
};

/** A gateway that holds one integration, answers searches one after the other, and writes down what it is sent. */
function gateway(first: object, ...searches: object[]): { answer: Answer; puts: unknown[]; posts: unknown[] } {
  let held = first;
  const puts: unknown[] = [];
  const posts: unknown[] = [];
  const answer: Answer = (request, response, body) => {
    if (request.url === '/integration/server' && request.method === 'POST') {
      posts.push(JSON.parse(body));
      response.setHeader('Content-Type', 'application/json');
      return void response.end(JSON.stringify(searches.shift()));
    }
    if (request.method === 'PUT') {
      puts.push(JSON.parse(body));
      held = kept;
    }
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(held));
  };
  return { answer, puts, posts };
}

test('what an administrator fills in is what the gateway gets, and the password field is empty again', async ({
  blank,
  serve,
}) => {
  const { answer, puts } = gateway(empty);
  await place(blank, { tag: 'blikk-calendar-integration', attributes: { gateway: await serve(answer) } });
  await blank.getByLabel('E-postleverantör').selectOption('Office 365');
  await blank.getByLabel('Konto').fill(' servicekonto@konsult.example ');
  await blank.getByLabel('Lösenord').fill(' löse<nord>& ');
  await blank.getByRole('button', { name: 'Spara' }).click();
  await expect(blank.getByText('Sparat.', { exact: true })).toBeVisible();
  expect(puts).toEqual([
    { provider: 'office365', account: 'servicekonto@konsult.example', serverUrl: '', password: ' löse<nord>& ' },
  ]);
  await expect(blank.getByLabel('Lösenord')).toHaveValue('');
});

test('an unchanged account keeps its password; another account must bring its own', async ({ blank, serve }) => {
  const { answer, puts } = gateway(kept);
  await place(blank, { tag: 'blikk-calendar-integration', attributes: { gateway: await serve(answer) } });
  await blank.getByRole('button', { name: 'Spara' }).click();
  await expect(blank.getByText('Sparat.', { exact: true })).toBeVisible();
  expect(puts).toEqual([{ provider: 'office365', account: 'servicekonto@konsult.example', serverUrl: '' }]);
  await blank.getByLabel('E-postleverantör').selectOption('Egen server');
  await blank.getByRole('button', { name: 'Spara' }).click();
  await expect(blank.getByText('Fyll i lösenordet.')).toBeVisible();
  expect(puts).toHaveLength(1);
});

test('another server needs the password again, and a provider without an address needs one', async ({
  blank,
  serve,
}) => {
  const { answer, puts } = gateway(kept);
  await place(blank, { tag: 'blikk-calendar-integration', attributes: { gateway: await serve(answer) } });
  const server = blank.getByLabel('Serveradress');
  await expect(server).toHaveAttribute('placeholder', 'https://outlook.example/EWS/Exchange.asmx');
  await server.fill('https://mail.konsult.example/EWS/Exchange.asmx');
  await blank.getByRole('button', { name: 'Spara' }).click();
  await expect(blank.getByText('Fyll i lösenordet.')).toBeVisible();
  await blank.getByLabel('E-postleverantör').selectOption('Egen server');
  await blank.getByLabel('Lösenord').fill('nytt');
  await server.fill('');
  await blank.getByRole('button', { name: 'Spara' }).click();
  await expect(blank.getByText('Fyll i serveradressen.')).toBeVisible();
  await expect(server).toBeFocused();
  expect(puts).toHaveLength(0);
});

const OWN = 'autodiscover.konsult.example';
const FOUND = 'https://mail.konsult.example/EWS/Exchange.asmx';

test('Hitta servern fills in what was found, says by whom, and saves nothing', async ({ blank, serve }) => {
  const search = {
    serverUrl: FOUND,
    steps: [
      { way: 'json', host: OWN, outcome: 'noSuchHost' },
      { way: 'pox', host: 'konsult.example', outcome: 'found' },
    ],
  };
  const { answer, puts, posts } = gateway(empty, search);
  await place(blank, { tag: 'blikk-calendar-integration', attributes: { gateway: await serve(answer) } });
  const find = blank.getByRole('button', { name: 'Hitta servern' });
  await find.click();
  await expect(blank.getByText('Fyll i kontot.')).toBeVisible();
  await expect(blank.getByLabel('Konto')).toBeFocused();
  await blank.getByLabel('Konto').fill('svc@konsult.example');
  await blank.getByLabel('Lösenord').fill('hemligt');
  // With the keyboard alone: from the address to the button beside it.
  await blank.getByLabel('Serveradress').focus();
  await blank.keyboard.press('Tab');
  await expect(find).toBeFocused();
  await blank.keyboard.press('Enter');
  await expect(blank.getByLabel('Serveradress')).toHaveValue(FOUND);
  const status = blank.getByRole('status');
  await expect(status).toContainText(`konsult.example svarade att adressen är ${FOUND}. Spara för att använda den.`);
  await blank.getByText('Så letade vi').click();
  await expect(status.getByText(`Autodiscover v2: ${OWN} finns inte.`)).toBeVisible();
  expect(posts).toEqual([{ account: 'svc@konsult.example', password: 'hemligt', confirmed: [] }]);
  expect(puts).toHaveLength(0);
});

test('a search in vain says one sentence a question, and a foreign host is asked after a yes', async ({
  blank,
  serve,
}) => {
  const outcomes = ['noSuchHost', 'noConnection', 'certificate', 'signInRefused', 'unsafeAddress'];
  const vain = { serverUrl: null, steps: outcomes.map((outcome) => ({ way: 'pox', host: OWN, outcome })) };
  const foreign = { way: 'pox', host: 'auto.hoster.example' };
  const asking = { serverUrl: null, steps: [{ ...foreign, outcome: 'confirm' }] };
  const found = { serverUrl: FOUND, steps: [{ ...foreign, outcome: 'found' }] };
  const { answer, posts } = gateway(kept, vain, asking, found);
  const attributes = { gateway: await serve(answer), lang: 'en' };
  await place(blank, { tag: 'blikk-calendar-integration', attributes });
  await blank.getByRole('button', { name: 'Find the server' }).click();
  await expect(blank.getByText('The server was not found.')).toBeVisible();
  await expect(blank.locator('li[data-outcome]')).toHaveText([
    `Autodiscover: ${OWN} does not exist.`,
    `Autodiscover: ${OWN} does not answer.`,
    `Autodiscover: ${OWN} has a certificate that the gateway does not trust.`,
    `Autodiscover: ${OWN} did not accept the account or the password.`,
    `Autodiscover: ${OWN} pointed to an address that is not safe.`,
  ]);
  await blank.getByRole('button', { name: 'Find the server' }).click();
  await expect(blank.getByText("May auto.hoster.example have the account's password?")).toBeVisible();
  await blank.getByRole('button', { name: 'Yes, ask auto.hoster.example' }).click();
  await expect(blank.getByText('The server is found.')).toBeVisible();
  const account = kept.account;
  const confirmed = ['auto.hoster.example'];
  expect(posts).toEqual([
    { account, confirmed: [] },
    { account, confirmed: [] },
    { account, confirmed },
  ]);
});

for (const [status, error, said] of [
  [
    403,
    { code: 'gateway.refused', message: 'only an administrator may' },
    'Du har inte behörighet att ändra kalenderintegrationen.',
  ],
  [400, { code: 'gateway.refused', message: 'no such provider' }, 'Uppgifterna godtogs inte.'],
  [401, { code: 'gateway.token_expired', message: 'expired' }, 'Din inloggning har gått ut.'],
  [500, 'not json', 'Kalendertjänsten gav ett svar som vi inte förstår.'],
] as const) {
  test(`the gateway answers ${status}: ${said}`, async ({ blank, serve }) => {
    const base = await serve((_, response) => void response.writeHead(status).end(JSON.stringify({ error })));
    await place(blank, { tag: 'blikk-calendar-integration', attributes: { gateway: base } });
    await expect(blank.getByText(said)).toBeVisible();
  });
}

test('a gateway that is not there', async ({ blank }) => {
  await place(blank, { tag: 'blikk-calendar-integration', attributes: { gateway: 'http://127.0.0.1:9' } });
  await expect(blank.getByText('Kalendertjänsten svarar inte.')).toBeVisible();
  await expect(blank.getByText('Kontrollera att gatewayen är igång och att dess adress är rätt.')).toBeVisible();
});
