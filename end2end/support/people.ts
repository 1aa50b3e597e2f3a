/** What people do on pages, and what they see there, in the words of the pages. */

import { expect, type Browser, type BrowserContext, type Locator, type Page, type Response } from '@playwright/test';
import type { Provider } from './provider';
import type { Server } from './server';

/** The button that ends the session of `firefox`. */
export const END_FIREFOX = /^End\s*: Firefox on Linux$/;

/** Another browser of the same person, which calls itself Firefox on Linux. */
export async function firefox(
  browser: Browser,
  server: Server,
  javaScriptEnabled = true,
): Promise<{ context: BrowserContext; there: Page }> {
  const userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
  const context = await browser.newContext({ baseURL: server.url, userAgent, javaScriptEnabled });
  return { context, there: await context.newPage() };
}

/** Fills the login page in and sends it. Everybody has their name for a password. */
export async function signInByForm(page: Page, person = 'ada', password = person): Promise<void> {
  await page.getByLabel('User name').fill(person);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** The page is the login page, which says why and knows where to go back to. */
export async function expectLogin(page: Page, reason: 'expired' | 'signed-out' | null, next: string): Promise<void> {
  await page.waitForURL((url) => url.pathname === '/login');
  const query = new URL(page.url()).searchParams;
  expect({ reason: query.get('reason'), next: query.get('next') }).toEqual({ reason, next });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Sign in/);
  if (reason === 'expired') await expect(page.getByRole('status')).toContainText('Your session has ended');
}

/** The session of the page has ended: it becomes the login page, and signing in leads back to `next`. */
export async function signInAgain(page: Page, next: string): Promise<void> {
  await expectLogin(page, 'expired', next);
  await signInByForm(page);
  await expect(page).toHaveURL(next);
}

/** Signs out by the button that every page has. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL('/login?reason=signed-out');
}

/** From the login page to the provider and, once it has asked who it is, back. */
export async function signInAtProvider(page: Page, person = 'ada'): Promise<void> {
  await page.getByRole('button', { name: 'Sign in with Corp' }).click();
  await page.getByLabel('Person').fill(person);
  await page.getByRole('button', { name: 'Go on' }).click();
}

/** Signs out at the provider itself, in a tab of its own. */
export async function signOutAtProvider(tab: Page, provider: Provider): Promise<void> {
  await tab.goto(`${provider.url}/session/end`);
  await tab.getByRole('button', { name: 'Yes' }).click();
}

/** What an open page says once its session has ended. */
export function endedOn(page: Page): Locator {
  return page.getByText('Your session has ended. What is on this page stays until you leave it.');
}

/** Until the server has a listener for this browser. */
export function listening(page: Page): Promise<Response> {
  return page.waitForResponse((response) => response.url().endsWith('/api/session/events'));
}

/** Lets time pass, with no page of ours open. */
export async function idle(page: Page, milliseconds: number): Promise<void> {
  await page.goto('about:blank');
  await page.waitForTimeout(milliseconds);
}

/** The answer of an operation. */
export function answerOn(page: Page): Locator {
  return page.getByRole('region', { name: 'Answer', exact: true });
}

/** What the page has to tell; a region for news to come says nothing yet. */
export function alertOn(page: Page): Locator {
  return page.getByRole('main').getByRole('alert').filter({ hasText: /\S/ });
}

/** Presses the button that sends an operation. */
export async function press(page: Page, name = 'Send'): Promise<void> {
  await page.getByRole('main').getByRole('button', { name, exact: true }).click();
}

/** Shows the body of a request as JSON, and returns its text area. */
export async function asJson(page: Page): Promise<Locator> {
  const body = page.getByRole('textbox', { name: /^Body/ });
  if (!(await body.isVisible())) await press(page, 'Edit as JSON');
  await expect(body).toBeVisible();
  return body;
}
