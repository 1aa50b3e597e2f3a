// node .tools/proxy-api.mjs PORT: a small JSON API in one process, as the measurements of the proxy need one. It looks at
// the token, and writes twenty items.

import { createServer } from "node:http";

const TOKENS = { accessToken: "access", refreshToken: "refresh", expiresIn: 3600 };

const item = (id) => ({ id, name: `Lamp ${id}`, quantity: id * 3, tags: ["new", "shelf"] });

createServer((request, response) => {
  const say = (status, body) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  if (request.url === "/auth/login") return say(200, { data: TOKENS });
  if (request.headers.authorization !== "Bearer access") return say(401, { message: "No" });
  say(200, { data: Array.from({ length: 20 }, (_, id) => item(id)), message: "OK" });
}).listen(Number(process.argv[2]), "127.0.0.1");
