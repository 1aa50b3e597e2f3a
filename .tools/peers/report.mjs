// The tables of the report.

import { statSync } from "node:fs";
import { median } from "../release.mjs";
import { OURS } from "./openings.mjs";

const megabytes = (bytes) => (bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 1);

const COLUMNS = [
  ["seconds", "s", (seconds) => seconds.toFixed(2)],
  ["bytes", "MB fetched", megabytes],
  ["blocked", "main thread busy, s", (seconds) => seconds.toFixed(2)],
  ["heap", "heap, MB", megabytes],
  ["nodes", "DOM nodes", (nodes) => nodes.toLocaleString("en")],
];

const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** The median of each figure; nothing for a console that did not always get there. */
const medians = (openings) =>
  openings.includes(undefined)
    ? undefined
    : Object.fromEntries(COLUMNS.map(([key]) => [key, median(openings.map((opening) => opening[key]))]));

/** Who was how fast with a document, the fastest first, and how far we are from the best of the others. */
export function openingTable({ name, file, operation }, openings) {
  const found = [...openings].map(([name, all]) => [name, medians(all)]);
  found.sort(([, a], [, b]) => (a?.seconds ?? Infinity) - (b?.seconds ?? Infinity));
  const rows = found.map(([name, figures]) => [
    name,
    ...COLUMNS.map(([key, , told], at) => (figures ? told(figures[key]) : at ? "" : "never")),
  ]);
  const size = `${megabytes(statSync(file).size)} MB`;
  const title = `### ${name} (${size}): \`${operation.method.toUpperCase()} ${operation.path}\` by its link`;
  return [title, "", table(["", ...COLUMNS.map(([, head]) => head)], rows), "", ratios(found)].join("\n");
}

function ratios(found) {
  const ours = found.find(([name]) => name === OURS)[1];
  const peers = found.filter(([name, figures]) => name !== OURS && figures).map(([, figures]) => figures);
  if (!ours) return "Vestibule did not get there.";
  const share = (key) => `1/${(Math.min(...peers.map((figures) => figures[key])) / ours[key]).toFixed(0)}`;
  return `Vestibule takes ${share("seconds")} of the best peer's time and ${share("bytes")} of the fewest bytes.`;
}
