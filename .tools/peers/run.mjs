// make peers: everything that is measured side by side. RUNS says how often; medians are told.

import { mkdirSync, writeFileSync } from "node:fs";
import { arch, cpus, loadavg } from "node:os";
import { DOCUMENTS } from "./documents.mjs";
import { compareOpenings } from "./openings.mjs";
import { openingTable } from "./report.mjs";

const RUNS = Number(process.env.RUNS ?? 3);
const load = () => loadavg()[0].toFixed(1);

const before = load();
const parts = [];
for (const document of DOCUMENTS) parts.push(openingTable(document, await compareOpenings(document, RUNS)));

const machine = `${cpus().length} ${arch} cores, load ${before} before and ${load()} after; medians of ${RUNS} runs.`;
const report = `${parts.join("\n\n")}\n\n${machine}\n`;
mkdirSync("target/peers", { recursive: true });
writeFileSync("target/peers/report.md", report);
console.log(`\n${report}\nThe same stands in target/peers/report.md.`);
process.exit();
