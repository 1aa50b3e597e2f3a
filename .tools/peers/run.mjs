// make peers: everything that is measured side by side. RUNS says how often; medians are told.

import { writeFileSync } from "node:fs";
import { arch, cpus, loadavg } from "node:os";
import { compareAnswers } from "./answers.mjs";
import { DOCUMENTS } from "./documents.mjs";
import { compareOpenings } from "./openings.mjs";
import { answerTable, openingTable, serverTable } from "./report.mjs";
import { serverFigures } from "./server.mjs";

const RUNS = Number(process.env.RUNS ?? 3);
const load = () => loadavg()[0].toFixed(1);

const before = load();
const parts = [serverTable(await serverFigures()), answerTable(await compareAnswers(RUNS))];
for (const document of DOCUMENTS) parts.push(openingTable(document, await compareOpenings(document, RUNS)));

const machine = `${cpus().length} ${arch()} cores, load ${before} before and ${load()} after; medians of ${RUNS} runs.`;
const never = "Never: not there, or the page still busy, after 60 s.";
const report = `${parts.join("\n\n")}\n\n${machine} ${never}\n`;
writeFileSync("target/peers/report.md", report);
console.log(`\n${report}\nThe same stands in target/peers/report.md.`);
process.exit();
