/** `vestibule sessions`, beside running servers on the same store. */

import { expect } from '../fixtures';
import { Arriving, calling } from '../support/http';
import { cluster as test, SECRET } from '../support/nodes';
import { command, type Outcome, type Server, type Settings } from '../support/server';

interface Row {
  session: string;
  person: string;
  address: string;
  device: string;
}

/** Runs `vestibule sessions`, and reads what it prints. */
async function sessions(line: string, settings: Settings): Promise<{ outcome: Outcome; rows: Row[] }> {
  const outcome = await command(['sessions', ...line.split(' '), '--json'], settings);
  return { outcome, rows: JSON.parse(outcome.prints) as Row[] };
}

function people(rows: Row[]): string[] {
  return rows.map(({ person }) => person).sort();
}

for (const kind of ['Redis', 'a file']) {
  test(`on ${kind}, an operator sees who is signed in, and ends it at once`, async ({ file, nodes, redis, upstream }) => {
    const settings = { ...SECRET, VESTIBULE_SESSION__STORE: kind === 'Redis' ? redis.url : `sqlite:${file}` };
    const [here, there] = (await nodes(2, settings)) as [Server, Server];
    const [ada, again, grace] = [await here.signIn('ada'), await there.signIn('ada'), await here.signIn('grace')];

    const { rows } = await sessions('list', settings);
    expect(people(rows)).toEqual(['ada', 'ada', 'grace']);
    expect(new Set(rows.map(({ address }) => address))).toEqual(new Set(['127.0.0.1']));
    expect(people((await sessions('list --user ADA', settings)).rows)).toEqual(['ada', 'ada']);
    const { prints } = await command(['sessions', 'list'], settings);
    expect(prints).toContain('3 sessions.');
    for (const secret of [...upstream.tokens, ...[ada, again, grace].map((cookie) => cookie.split('=')[1]!)]) {
      expect(prints + JSON.stringify(rows)).not.toContain(secret);
    }

    const events = await Arriving.from(there.url, '/api/session/events', { headers: { ...calling, cookie: ada } });
    await events.until('retry:');
    const { outcome, rows: ended } = await sessions('end --user ada', settings);
    const done = Date.now();
    expect(people(ended)).toEqual(['ada', 'ada']);
    expect(outcome).toMatchObject({ code: 0 });
    expect(outcome.says.match(/"by":"operator"/g)).toHaveLength(2);
    expect(await events.rest()).toBe('event: ended\ndata: revoked\n\n');
    expect(Date.now() - done).toBeLessThan(1_000);
    for (const [cookie, lives] of [[ada, false], [again, false], [grace, true]] as const) {
      for (const node of [here, there]) expect(await node.isLive(cookie)).toBe(lives);
    }
    await expect.poll(() => upstream.calls('/auth/logout'), 'each revoked by its own cookie').toHaveLength(2);
    const page = await here.get('/account', { accept: 'text/html', cookie: ada });
    expect(page.headers.location).toBe('/login?reason=revoked&next=/account');

    const other = await here.signIn('ada');
    const [one] = (await sessions('list --user ada', settings)).rows;
    expect(people((await sessions(`end --session ${one!.session}`, settings)).rows)).toEqual(['ada']);
    expect([await there.isLive(other), await there.isLive(grace)]).toEqual([false, true]);
    expect((await sessions(`end --session ${one!.session}`, settings)).outcome.code, 'no such session').toBe(1);
    expect(people((await sessions('end --all', settings)).rows)).toEqual(['grace']);
    expect(await there.isLive(grace)).toBe(false);
  });
}

test('what cannot be done is told in a sentence', async ({ file }) => {
  for (const [words, store, sentence] of [
    ['sessions list', 'memory', 'known to the running server alone'],
    ['sessions list', `sqlite:${file}`, `There are no sessions at ${file}`],
    ['sessions end', `sqlite:${file}`, 'Name one of --user, --session and --all'],
    ['sessions end everything', `sqlite:${file}`, 'Use: vestibule'],
  ] as const) {
    const { code, prints, says } = await command(words.split(' '), { VESTIBULE_SESSION__STORE: store });
    expect({ code, prints }, words).toEqual({ code: 2, prints: '' });
    expect(says).toContain(sentence);
  }
});
