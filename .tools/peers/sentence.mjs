// What the browser itself takes: a page of nothing but the words that are looked for.

import { createServer } from "node:http";
import { listen } from "./listen.mjs";

/** What security asks of every page here. For `Cross-Origin-Opener-Policy`, the browser starts a process. */
const KEPT = /^(content-security|cross-origin|permissions|referrer|x-)/;

/** Serves `words`, with the headers that `answer` has for the sake of security, or with none. */
export async function serveSentence(words, answer) {
  const headers = Object.entries(answer?.headers ?? {}).filter(([name]) => KEPT.test(name));
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Words</title><p>${words}</p></html>`;
  const server = createServer((_, response) => {
    response.writeHead(200, { ...Object.fromEntries(headers), "content-type": "text/html; charset=utf-8" }).end(page);
  });
  return { address: await listen(server), stop: () => server.close() };
}
