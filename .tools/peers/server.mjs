// What the server takes for a large document, asked over one connection: start, memory, pages, searches.

import { readFileSync, writeFileSync } from "node:fs";
import { median } from "../release.mjs";
import { DOCUMENTS, read } from "./documents.mjs";
import { fiveOperations, operations, toOpen } from "./operations.mjs";
import { QUERIES, typed } from "./queries.mjs";
import { link, vestibule } from "./vestibule.mjs";

const SMALL = "target/peers/five-operations.json";
const PAGES = 200;
/** How often each page of the small document is asked for, in turn with the same page of the large one. */
const ROUNDS = 40;

/** Figures in ms and MB, and the size of the document in MB. */
export async function serverFigures() {
  const large = DOCUMENTS[0];
  const document = JSON.parse(read(large));
  writeFileSync(SMALL, JSON.stringify(fiveOperations(document)));

  const began = performance.now();
  const server = await vestibule({ VESTIBULE_UPSTREAM__OPENAPI: large.file });
  await page(server, large.operation);
  const firstPage = performance.now() - began;

  const atStart = memory(server);
  const pages = [];
  for (const operation of toOpen(document, PAGES)) pages.push(await page(server, operation));
  const afterPages = memory(server);
  const comparison = await againstSmall(server, document);
  const searches = await search(server);
  const figures = { firstPage, atStart, afterPages, pages, ...comparison, searches, peak: memory(server, "VmHWM") };
  server.stop();
  return { size: Buffer.byteLength(read(large)) / 1e6, operations: operations(document).length, ...figures };
}

/** The same five pages out of a document that holds nothing else. */
async function againstSmall(server, document) {
  const small = await vestibule({ VESTIBULE_UPSTREAM__OPENAPI: SMALL });
  const five = operations(fiveOperations(document));
  const times = { large: [], small: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const operation of five) {
      times.large.push(await page(server, operation));
      times.small.push(await page(small, operation));
    }
  }
  small.stop();
  return { five: median(times.large), fiveOfSmall: median(times.small) };
}

/** How long an operation's page takes. */
async function page(server, operation) {
  const began = performance.now();
  const { status, raw } = await server.exchange(link(operation), {
    headers: { cookie: server.header, accept: "text/html", "sec-fetch-mode": "navigate" },
  });
  const took = performance.now() - began;
  if (status !== 200 || !raw.includes("</html>")) throw new Error(`${operation.id} answered ${status}`);
  return took;
}

/** Each query as it is typed, letter by letter. */
async function search(server) {
  const headers = {
    cookie: server.header,
    accept: "application/json",
    "content-type": "application/x-www-form-urlencoded",
    origin: server.origin,
    "sec-fetch-site": "same-origin",
  };
  const times = [];
  for (const query of QUERIES.flatMap(typed)) {
    const began = performance.now();
    const body = String(new URLSearchParams({ query }));
    const { status, raw } = await server.exchange("/api/search_operations", { method: "POST", headers, body });
    times.push(performance.now() - began);
    if (status !== 200 || !raw.includes("status")) throw new Error(`searching for ${query} answered ${status}`);
  }
  return times;
}

function memory({ pid }, key = "VmRSS") {
  const line = readFileSync(`/proc/${pid}/status`, "utf8").match(new RegExp(`^${key}:\\s+(\\d+)`, "m"));
  return (Number(line?.[1]) * 1024) / 1e6;
}
