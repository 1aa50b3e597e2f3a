/** Attempts to sign in are counted on all nodes together. */

import { expect } from '../fixtures';
import { posting, send } from '../support/http';
import { cluster as test } from '../support/nodes';

for (const kind of ['Redis', 'a file']) {
  test(`on ${kind}, 40 guesses at once on two nodes are ten for the API`, async ({ file, nodes, upstream }) => {
    const two = await nodes(2, kind === 'Redis' ? {} : { VESTIBULE_SESSION__STORE: `sqlite:${file}` });
    const guesses = Array.from({ length: 40 }, (_, index) =>
      send(two[index % 2]!.url, '/login', posting({ username: index % 3 ? 'ada' : ' Ada', password: `guess ${index}` })),
    );
    const answers = await Promise.all(guesses);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(30);
    for (const { body, headers } of refused) {
      expect(Number(headers['retry-after'])).toBeGreaterThan(800);
      expect(body).toContain('Too many attempts. Try again in 15 minutes.');
    }
    expect(upstream.calls('/auth/login')).toHaveLength(10);
    await two[0]!.signIn('grace');
  });
}
