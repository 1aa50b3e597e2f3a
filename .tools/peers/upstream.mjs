// An API with one operation, whose answer is long: 20,000 objects, 6 MB. It lets every origin read it.

import { createServer } from "node:http";
import { listen } from "./listen.mjs";

const COUNT = 20_000;

/** Words that only the first object of the answer has. */
export const WORDS = "the very first of them";

export const OPERATION = { method: "get", path: "/things", id: "listThings", tag: "things" };

const thing = (_, at) => ({
  id: at + 1,
  name: at === 0 ? WORDS : `Thing number ${at + 1}`,
  created: new Date(1_700_000_000_000 + at * 3_600_000).toISOString(),
  price: ((at * 7919) % 10_000) / 100,
  active: at % 3 !== 0,
  owner: { id: at % 97, email: `owner${at % 97}@example.org` },
  tags: ["alpha", "beta", `gamma-${at % 11}`],
  note: `This is what somebody wrote about thing ${at + 1}, and it goes on for a while, as notes do, beyond its cell.`,
});
const ANSWER = JSON.stringify(Array.from({ length: COUNT }, thing));

const document = (origin) => ({
  openapi: "3.0.3",
  info: { title: "Things", version: "1" },
  servers: [{ url: origin }],
  paths: {
    [OPERATION.path]: {
      get: {
        operationId: OPERATION.id,
        tags: [OPERATION.tag],
        summary: "List things",
        parameters: [{ name: "color", in: "query", schema: { type: "string" } }],
        responses: { 200: { description: "All of them", content: { "application/json": {} } } },
      },
    },
  },
});

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "*",
  "access-control-allow-methods": "*",
};

/** Starts it. Anybody can sign in. `text` is its document. */
export async function startUpstream() {
  const tokens = { accessToken: "access", refreshToken: "refresh", expiresIn: 3600 };
  const answers = { "/auth/login": { data: tokens }, "/me": { data: { name: "Demo" } } };
  let origin = "";
  const server = createServer(({ url }, response) => {
    const { pathname } = new URL(url, "http://localhost");
    const known = () => JSON.stringify(pathname === "/openapi.json" ? document(origin) : (answers[pathname] ?? {}));
    const answer = pathname === OPERATION.path ? ANSWER : known();
    response.writeHead(200, { ...CORS, "content-type": "application/json" }).end(answer);
  });
  origin = await listen(server);
  return { origin, text: JSON.stringify(document(origin)), size: ANSWER.length, count: COUNT, stop: () => server.close() };
}
