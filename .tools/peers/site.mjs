// A plain file server on a port of its own, as the peers' manuals have it: their bundles, their pages, the documents.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { listen } from "./listen.mjs";

const TYPES = { ".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".json": "application/json" };

const page = (body) => `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Console</title><body>${body}</body></html>`;

/** Serves `consoles` with each of `documents` at `/{console}/{document}/`. */
export async function serve(consoles, documents) {
  const pages = new Map();
  for (const console of consoles) {
    for (const document of documents) {
      const folder = `/${console.folder}/${document.name}/`;
      const { text } = document;
      const address = `${folder}document${extname(document.file)}`;
      pages.set(folder, page(console.page(address)));
      pages.set(address, () => console.document?.(text) ?? text);
    }
  }
  const find = (path) => {
    const found = pages.get(path);
    if (found) return typeof found === "string" ? found : found();
    return readFileSync(join("target/peers", normalize(path)));
  };
  const server = createServer(({ url }, response) => {
    const { pathname } = new URL(url, "http://localhost");
    try {
      const body = find(decodeURIComponent(pathname));
      const type = pathname.endsWith("/") ? ".html" : extname(pathname);
      response.setHeader("content-type", `${TYPES[type] ?? "text/plain"}; charset=utf-8`).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  return { origin: await listen(server), stop: () => server.close() };
}
