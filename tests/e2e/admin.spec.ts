// The help article's steps 14 to 16: an administrator fills in the service account, and sees whether it works.

import { addresses, administrator, control, serviceAccount } from './calendars.ts';
import { expect, picture, signIn, test } from './support.ts';

type Page = Parameters<typeof signIn>[0];

async function openIntegration(page: Page): Promise<void> {
  await signIn(page, administrator());
  await page.getByRole('link', { name: 'Administrera' }).click();
  await page.getByText('Generell', { exact: true }).first().waitFor();
  await page.getByRole('navigation', { name: 'Administrera' }).getByRole('link', { name: 'Integrationer' }).click();
  await expect(page.getByRole('heading', { name: 'Kalenderintegration' })).toBeVisible();
  await expect(page.getByLabel('E-postleverantör')).toBeVisible();
}

async function save(page: Page, password: string): Promise<void> {
  await page.getByLabel('E-postleverantör').selectOption('Office 365');
  await page.getByLabel('Konto').fill(serviceAccount().user);
  await page.getByLabel('Lösenord').fill(password);
  await page.getByRole('button', { name: 'Spara' }).click();
  await expect(page.getByText('Sparat.', { exact: true })).toBeVisible();
}

const testConnection = (page: Page): Promise<void> => page.getByRole('button', { name: 'Testa anslutningen' }).click();

test.afterAll(async ({ browser, baseURL }) => {
  // The other tests need the account.
  const page = await browser.newPage({ ...(baseURL === undefined ? {} : { baseURL }) });
  await openIntegration(page);
  await save(page, serviceAccount().password);
  await page.close();
});

test('a wrong password is told in clear words, and the right one works', async ({ page }) => {
  await openIntegration(page);
  await save(page, 'fel lösenord');
  await testConnection(page);
  await expect(page.getByText('Exchange godtar inte tjänstekontots inloggning.')).toBeVisible();
  await expect(page.locator('blikk-calendar-integration code')).toHaveText('exchange.unauthorized');
  await picture(page, 'admin-wrong-password');

  await save(page, serviceAccount().password);
  await testConnection(page);
  await expect(page.getByText('Anslutningen fungerar.')).toBeVisible();
  await picture(page, 'admin-connected');
});

test('the server is found, filled in, saved and used', async ({ page }) => {
  await openIntegration(page);
  await page.getByLabel('E-postleverantör').selectOption('Exchange Server');
  await page.getByLabel('Konto').fill(serviceAccount().user);
  await page.getByLabel('Lösenord').fill(serviceAccount().password);
  await page.getByRole('button', { name: 'Hitta servern' }).click();
  await expect(page.getByLabel('Serveradress')).toHaveValue(`${addresses.exchange}/EWS/Exchange.asmx`);
  await expect(page.getByText('Servern är hittad.')).toBeVisible();
  await picture(page, 'admin-server-found');
  await page.getByRole('button', { name: 'Spara' }).click();
  await expect(page.getByText('Sparat.', { exact: true })).toBeVisible();
  await testConnection(page);
  await expect(page.getByText('Anslutningen fungerar.')).toBeVisible();
});

test('an older server is asked with the password, and says when it is wrong', async ({ page }) => {
  await openIntegration(page);
  await control('autodiscover', { v2: false });
  try {
    await page.getByLabel('Konto').fill(serviceAccount().user);
    await page.getByLabel('Lösenord').fill('fel lösenord');
    await page.getByRole('button', { name: 'Hitta servern' }).click();
    await expect(page.getByText('Servern hittades inte.')).toBeVisible();
    await expect(page.locator('li[data-outcome=notThere]')).toContainText('Autodiscover v2');
    await expect(page.locator('li[data-outcome=signInRefused]')).toContainText('godtog inte kontot eller lösenordet');
    await picture(page, 'admin-server-not-found');
    await page.getByLabel('Lösenord').fill(serviceAccount().password);
    await page.getByRole('button', { name: 'Hitta servern' }).click();
    await expect(page.getByText('Servern är hittad.')).toBeVisible();
  } finally {
    await control('autodiscover', { v2: true });
  }
});

test('an address that is not safe is not taken', async ({ page }) => {
  await openIntegration(page);
  for (const address of ['http://mail.konsult.example/EWS/Exchange.asmx', 'https://192.168.1.10/EWS/Exchange.asmx']) {
    await page.getByLabel('Lösenord').fill(serviceAccount().password);
    await page.getByLabel('Serveradress').fill(address);
    await page.getByRole('button', { name: 'Spara' }).click();
    await expect(page.getByText('Uppgifterna godtogs inte.')).toBeVisible();
  }
});

test('a service account without the impersonation role is told so', async ({ page }) => {
  await openIntegration(page);
  await save(page, serviceAccount().password);
  await control('impersonation', { allowed: false });
  try {
    await testConnection(page);
    await expect(page.getByText(/rollen ApplicationImpersonation/)).toBeVisible();
  } finally {
    await control('impersonation', { allowed: true });
  }
});

test('the saved password never comes back to the page', async ({ page }) => {
  const answers: string[] = [];
  page.on('response', async (response) => {
    if (response.url().startsWith(`${addresses.gateway}/integration`))
      answers.push(await response.text().catch(() => ''));
  });
  await openIntegration(page);
  await save(page, serviceAccount().password);
  await page.reload();
  await expect(page.getByLabel('Lösenord')).toHaveValue('');
  await expect(page.getByText('Ett lösenord är sparat. Lämna tomt för att behålla det.')).toBeVisible();
  expect(answers.join('')).toContain(serviceAccount().user);
  expect(answers.join('')).not.toContain(serviceAccount().password);
});

test('what is missing is said at its field, and the test waits for what is not saved', async ({ page }) => {
  await openIntegration(page);
  await page.getByLabel('Konto').fill('ett.annat.konto@konsult.example');
  await page.getByRole('button', { name: 'Spara' }).click();
  await expect(page.getByText('Fyll i lösenordet.')).toBeVisible();
  await expect(page.getByLabel('Lösenord')).toBeFocused();
  await testConnection(page);
  await expect(page.getByText('Spara först. Testet använder det som är sparat.')).toBeVisible();
});

test('without an account users are told who can help', async ({ page, person, context }) => {
  await openIntegration(page);
  await page.getByRole('button', { name: 'Ta bort kontot' }).click();
  await page.getByRole('button', { name: 'Ja, ta bort' }).click();
  await expect(page.getByText('Kontot är borttaget.')).toBeVisible();
  await expect(page.getByLabel('Konto')).toHaveValue('');
  await context.clearCookies();
  await page.evaluate(() => localStorage.clear());
  await signIn(page, person);
  await page.getByRole('switch').click();
  await expect(page.getByText('Kalenderintegrationen är inte klar ännu.').last()).toBeVisible();
});

test('a user who is no administrator is shown nothing to change', async ({ page, person }) => {
  await signIn(page, person);
  await expect(page.getByRole('link', { name: 'Administrera' })).toHaveCount(0);
  await page.goto('/admin.html#/generell/integrationer');
  await expect(page.getByText('Du har inte behörighet att ändra kalenderintegrationen.')).toBeVisible();
  await expect(page.getByLabel('Konto')).toHaveCount(0);
});
