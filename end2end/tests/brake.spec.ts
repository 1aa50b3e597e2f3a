import { expect, scripted as test } from '../fixtures';
import { alertOn, answerOn } from '../support/people';
import { endings } from '../support/server';

test('when the API refuses everybody, sessions beyond a rate are kept and people are told', async ({
  open,
  page,
  signIn,
  start,
  upstream,
}) => {
  const server = await start({ VESTIBULE_LOGOUT__BRAKE: '2 in 60s' });
  const early = [await server.signIn('ada'), await server.signIn('grace')];
  const late = await signIn('ada', server);
  const log = server.tail();
  upstream.answer('/items', { status: 401, body: { message: 'Nobody' } });
  for (const cookie of early) await server.get('/operations/listItems', { accept: 'text/html', cookie });

  expect(await open(`${server.url}/operations/listItems`)).toBe(503);
  await expect(alertOn(page)).toContainText(/refus/);
  expect(await Promise.all([...early, late].map((cookie) => server.isLive(cookie)))).toEqual([false, false, true]);
  expect(await server.metric('vestibule_logout_brake_engaged')).toBe(1);
  expect(await server.metric('vestibule_logout_brake_kept_total')).toBe(1);
  await expect.poll(() => log().filter(({ level }) => level === 'ERROR').length).toBe(1);
  expect(endings(log())).toHaveLength(2);

  upstream.recover('/items');
  await page.getByRole('main').getByRole('link', { name: 'Try again' }).click();
  await expect(answerOn(page)).toContainText('Lamp');
});
