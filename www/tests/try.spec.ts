// "Prova motorn": the simulation in the visitor's browser.

import { expect, test } from './browser.ts';

test('the engine is tried in the browser, and says what it tried', async ({ page, vite }) => {
  await page.goto(`${vite}/pages/try.html`);
  await expect(page.getByRole('heading', { name: 'Prova motorn' })).toBeVisible();
  await page.getByRole('button', { name: 'Börja' }).click();
  const figure = (name: string) => page.locator(`[data-figure=${name}]`);
  const played = async (): Promise<number> => Number((await figure('seeds').innerText()).replace(/\D/g, ''));
  await expect.poll(played, { timeout: 60_000 }).toBeGreaterThanOrEqual(200);
  await page.getByRole('button', { name: 'Stanna' }).click();
  await expect(page.getByRole('row', { name: /förlorat svar/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /datorn stannade/ })).toBeVisible();
  await expect(figure('wrong')).toHaveText('0');
});

test('a seed tells its story, in the language that was chosen', async ({ page, vite }) => {
  await page.goto(`${vite}/pages/try.html`);
  await page.locator('select').selectOption('en');
  await page.getByLabel('Seed').fill('5');
  await page.getByRole('button', { name: 'Tell one seed' }).click();
  await expect(page.getByRole('heading', { name: 'The story of seed 5' })).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('pre')).toContainText('machine 0 synchronises');
});
