import { scripted as test, expect } from '../fixtures';
import { alertOn, answerOn, press } from '../support/people';

test.beforeEach(({ signIn }) => signIn().then(() => undefined));

test('members of an object are named one by one, and taken away again', async ({ open, page, upstream }) => {
  upstream.answer('/labels', { body: { data: 'two lamps', message: 'OK' } });
  await open('/operations/findByLabels');
  const name = page.getByRole('textbox', { name: 'Name of one more member of label' });
  for (const label of ['colour', 'size of it']) {
    await name.fill(label);
    await press(page, 'Add member');
    await expect(page.getByRole('textbox', { name: label })).toBeVisible();
  }
  await page.getByRole('textbox', { name: 'colour' }).fill('dark red');
  await page.getByRole('textbox', { name: 'size of it' }).fill('5 & more');
  await press(page);
  await expect(answerOn(page)).toContainText('two lamps');
  expect(upstream.calls('/labels').at(-1)?.query).toBe('?label%5Bcolour%5D=dark%20red&label%5Bsize%20of%20it%5D=5%20%26%20more');

  await press(page, 'Remove colour of label');
  await expect(page.getByRole('textbox', { name: 'colour' })).toHaveCount(0);
  await expect(page.getByRole('textbox', { name: 'size of it' })).toHaveValue('5 & more');
});

test('a link fills them in, and what does not fit is told at its input', async ({ open, page, upstream }) => {
  await open('/operations/findByLabels?label[colour]=much+too+long+for+a+label');
  await expect(alertOn(page)).toContainText('label[colour]: Give at most 20 characters.');
  expect(upstream.calls('/labels')).toEqual([]);
  await alertOn(page).getByRole('link').click();
  await expect(page.getByRole('textbox', { name: 'colour' })).toBeFocused();
});
