// The tables of the report.

import { statSync } from "node:fs";
import { median } from "../release.mjs";
import { FLOORS, OURS } from "./openings.mjs";

const megabytes = (bytes) => (bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 1);
const seconds = (time) => time.toFixed(2);
const milliseconds = (time) => `${time.toFixed(1)} ms`;

const OPENING = [
  ["seconds", "s", seconds],
  ["bytes", "MB fetched", megabytes],
  ["bytesToRead", "MB until it can be read", megabytes],
  ["blocked", "main thread busy, s", seconds],
  ["heap", "heap, MB", megabytes],
  ["nodes", "DOM nodes", (nodes) => nodes.toLocaleString("en")],
];
const ANSWER = [
  ["seconds", "s", seconds],
  ["longest", "longest task, s", seconds],
];

const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** The median of each figure; nothing for a console that did not always get there. */
const medians = (columns, runs) =>
  runs.includes(undefined)
    ? undefined
    : Object.fromEntries(columns.map(([key]) => [key, median(runs.map((run) => run[key]))]));

/** Consoles with their medians, the fastest first, as a table. */
function compared(columns, runs) {
  const found = [...runs].map(([name, all]) => [name, medians(columns, all)]);
  found.sort(([, a], [, b]) => (a?.seconds ?? Infinity) - (b?.seconds ?? Infinity));
  const cells = (figures) => columns.map(([key, , told], at) => (figures ? told(figures[key]) : at ? "" : "never"));
  const rows = found.map(([name, figures]) => [name, ...cells(figures)]);
  return { found, table: table(["", ...columns.map(([, head]) => head)], rows) };
}

/** Who was how fast with a document, and how far we are from the best of the others. */
export function openingTable({ name, file, operation }, openings) {
  const { found, table } = compared(OPENING, openings);
  const size = `${megabytes(statSync(file).size)} MB`;
  const title = `### ${name} (${size}): \`${operation.method.toUpperCase()} ${operation.path}\` by its link`;
  return [title, "", table, "", ratios(found)].join("\n");
}

function ratios(found) {
  const ours = found.find(([name]) => name === OURS)[1];
  const peers = found.filter(([name, figures]) => ![OURS, ...FLOORS].includes(name) && figures).map(([, figures]) => figures);
  if (!ours) return "Vestibule did not get there.";
  const share = (key) => `1/${(Math.min(...peers.map((figures) => figures[key])) / ours[key]).toFixed(0)}`;
  const bytes = `${share("bytes")} of the fewest bytes (${share("bytesToRead")} until it can be read)`;
  return `Vestibule takes ${share("seconds")} of the best peer's time and ${bytes}.`;
}

/** From the click to where a long answer can be read and the page is at rest. */
export function answerTable({ answers, size, count }) {
  const title = `### An answer of ${megabytes(size)} MB, ${count.toLocaleString("en")} objects: from the click to rest`;
  return [title, "", compared(ANSWER, answers).table].join("\n");
}

/** What the server takes. */
export function serverTable(figures) {
  const { size, operations, firstPage, atStart, afterPages, peak, pages, five, fiveOfSmall, searches } = figures;
  const at = (times, share) => times.toSorted((a, b) => a - b)[Math.floor(times.length * share)];
  const resident = (memory) => `${memory.toFixed(0)} MB, ${(memory / size).toFixed(1)} times the document`;
  const rows = [
    ["start to the first page", `${(firstPage / 1000).toFixed(2)} s`],
    [`an operation's page: median, p99 of ${pages.length}`, `${milliseconds(median(pages))}, ${milliseconds(at(pages, 0.99))}`],
    ["five pages: from this document, from one of five operations", `${milliseconds(five)}, ${milliseconds(fiveOfSmall)}`],
    [`search, letter by letter: median, p99 of ${searches.length}`, `${milliseconds(median(searches))}, ${milliseconds(at(searches, 0.99))}`],
    ["resident after the first page", resident(atStart)],
    [`resident after ${pages.length} pages`, resident(afterPages)],
    ["resident at most", resident(peak)],
  ];
  const title = `### The server, with GitHub's document (${size.toFixed(1)} MB, ${operations.toLocaleString("en")} operations)`;
  return [title, "", table(["", ""], rows)].join("\n");
}
