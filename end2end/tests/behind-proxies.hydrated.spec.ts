/** Three nodes behind nginx and Caddy, as deploy/ has them, and a real browser in front. */

import type { IncomingMessage } from 'node:http';
import type { Page } from '@playwright/test';
import { expect } from '../fixtures';
import { Front, isInstalled, type Kind } from '../support/front';
import { posting, send } from '../support/http';
import { cluster } from '../support/nodes';
import { answerOn, endedOn, listening, signInByForm } from '../support/people';
import { freePort, type Server } from '../support/server';

const ITEMS = '/operations/listItems';
const LENGTH = 20 << 20;
/** Another address of this machine, as Linux has it. */
const ELSEWHERE = '127.0.0.2';

interface Deployed {
  front: Front;
  three: [Server, Server, Server];
}

const test = cluster.extend<{ behind: (kind: Kind) => Promise<Deployed> }>({
  behind: async ({ nodes }, use, info) => {
    const fronts: Front[] = [];
    await use(async (kind) => {
      const url = `https://127.0.0.1:${await freePort()}`;
      const settings = { VESTIBULE_SERVER__PUBLIC_URL: url, VESTIBULE_SERVER__TRUSTED_PROXIES: '127.0.0.1' };
      const three = (await nodes(3, settings)) as [Server, Server, Server];
      const front = await Front.start(kind, url, three, info.outputPath());
      fronts.push(front);
      return { front, three };
    });
    await Promise.all(fronts.map((front) => front.stop()));
  },
});

test.use({ ignoreHTTPSErrors: true });

/** What a script of the page is sent, up to the first piece. */
function firstPiece(page: Page, path: string): Promise<string> {
  return page.evaluate(async (path) => {
    const answer = await fetch(path, { headers: { 'x-csrf': '1' } });
    const { value } = await answer.body!.getReader().read();
    return new TextDecoder().decode(value);
  }, path);
}

function upload(page: Page, path: string, length: number): Promise<string> {
  return page.evaluate(
    async ({ path, length }) => {
      const body = new Blob([new Uint8Array(length)]);
      return (await fetch(path, { method: 'PUT', headers: { 'x-csrf': '1' }, body })).text();
    },
    { path, length },
  );
}

/** The first two words of a socket, of which it is told the second. */
function conversation(page: Page, path: string): Promise<string[]> {
  return page.evaluate(
    (path) =>
      new Promise<string[]>((resolve, reject) => {
        const words: string[] = [];
        const socket = new WebSocket(location.origin.replace('http', 'ws') + path);
        socket.onopen = () => socket.send('hi');
        socket.onmessage = ({ data }) => words.push(data) === 2 && resolve(words);
        socket.onclose = ({ code }) => reject(new Error(`closed ${code}`));
      }),
    path,
  );
}

async function lengthOf(request: IncomingMessage): Promise<number> {
  let length = 0;
  for await (const part of request) length += (part as Buffer).length;
  return length;
}

for (const kind of ['nginx', 'caddy'] as const) {
  test(`behind ${kind}: signing in, streams, sockets, uploads, addresses, and a node that goes`, async ({
    behind,
    context,
    page,
    upstream,
  }) => {
    test.skip(process.platform !== 'linux' || !isInstalled(kind), `${kind} is not installed.`);
    const { front, three } = await behind(kind);
    const elsewhere = { ...posting({ username: 'ada', password: 'ada' }, { 'x-forwarded-for': '6.6.6.6' }), from: ELSEWHERE };
    expect((await send(front.url, '/login', elsewhere)).status).toBe(303);
    await page.goto(`${front.url}/login?next=${ITEMS}`);
    await signInByForm(page);
    await expect(answerOn(page)).toContainText('Lamp');
    const [cookie] = await context.cookies();
    expect(cookie).toMatchObject({ name: '__Host-vestibule', secure: true });
    await page.goto(`${front.url}/account`);
    await expect(page.getByRole('main')).toContainText(`from ${ELSEWHERE}`);
    await expect(page.getByRole('main')).not.toContainText('6.6.6.6');

    upstream.serve('/events', (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
    });
    expect(await firstPiece(page, '/api/upstream/events'), 'while the rest is still to come').toBe('data: 1\n\n');
    upstream.serve('/big', async (asked, response) => response.end(`${await lengthOf(asked)}`));
    expect(await upload(page, '/api/upstream/big', LENGTH)).toBe(`${LENGTH}`);
    expect(await conversation(page, '/api/upstream/socket')).toEqual(['Hello ada', 'echo: hi']);
    expect((await send(front.url, '/metrics')).status, 'for machines on the inside').toBe(404);

    await page.goto('about:blank');
    await three[0].kill();
    for (let round = 0; round < 6; round += 1) expect((await page.goto(`${front.url}${ITEMS}`))?.status()).toBe(200);
    const heard = listening(page);
    await page.goto(`${front.url}/account`);
    await heard;
    await send(three[1].url, '/api/logout', posting({}, { cookie: `${cookie?.name}=${cookie?.value}` }));
    await expect(endedOn(page)).toBeVisible({ timeout: 1_000 });
  });
}
