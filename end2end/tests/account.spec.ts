import { expect, scripted as test } from '../fixtures';

test('the account page shows the person and this session, and no token', async ({ open, page, signIn, upstream }) => {
  await signIn();
  expect(await open('/account')).toBe(200);
  const profile = page.getByRole('region', { name: 'Profile' });
  await expect(profile.getByRole('definition').filter({ hasText: 'Ada Lovelace' })).toBeVisible();
  await expect(profile.getByRole('definition').filter({ hasText: 'ada@storeroom.example' })).toBeVisible();
  const session = page.getByRole('region', { name: 'This session' });
  await expect(session.getByRole('term')).toHaveText([
    'Signed in',
    'Last seen',
    'Ends when idle',
    'Ends at the latest',
  ]);
  await expect(session).toContainText(/in (29|30) minutes/);
  await expect(session).toContainText(/in (11|12) hours/);
  const content = await page.content();
  for (const token of upstream.tokens) expect(content).not.toContain(token);
});
