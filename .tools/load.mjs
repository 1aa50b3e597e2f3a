// make load: 20,000 signed-in page loads at 32 connections, streamed pages among them. No answer may stay open and none
// may be wrong. Also the time from start to first answer, and the memory before and after.

import { readFileSync } from "node:fs";
import { median, start } from "./release.mjs";

const LOADS = Number(process.env.LOADS ?? 20_000);
const CONNECTIONS = 32;

/** Each page, and a text that only the whole page has. The home page streams. */
const PAGES = [
  ["/", "bar-list"],
  ["/operations", "operation-list"],
  ["/operations/listBooks?send=1", "answer-status"],
  ["/account", "This session"],
];

const memory = (pid, key) => {
  const line = readFileSync(`/proc/${pid}/status`, "utf8").match(new RegExp(`^${key}:\\s+(\\d+)`, "m"));
  return (Number(line?.[1]) / 1024).toFixed(1);
};

const starts = [];
for (let run = 0; run < 5; run += 1) {
  const server = await start();
  starts.push(server.firstAnswer);
  server.stop();
}
console.log(`start to first answer: median ${median(starts).toFixed(0)} ms of ${starts.length}`);

const server = await start({ connections: CONNECTIONS });
const cookie = await server.signIn();
const headers = { cookie, accept: "text/html", "sec-fetch-mode": "navigate" };
console.log(`resident before: ${memory(server.pid, "VmRSS")} MiB`);

let next = 0;
const wrong = [];
const times = [];
const visitor = async () => {
  while (next < LOADS) {
    const [path, mark] = PAGES[next++ % PAGES.length];
    const began = performance.now();
    const answer = await server.exchange(path, { headers });
    times.push(performance.now() - began);
    const page = answer.raw.toString();
    if (answer.status !== 200 || !page.includes(mark) || !page.includes("</html>")) wrong.push(`${path}: ${answer.status}`);
  }
};
const began = performance.now();
await Promise.all(Array.from({ length: CONNECTIONS }, visitor));
const seconds = (performance.now() - began) / 1000;

times.sort((a, b) => a - b);
const at = (share) => times[Math.floor(times.length * share)].toFixed(1);
console.log(`${times.length} loads in ${seconds.toFixed(1)} s: ${(times.length / seconds).toFixed(0)} a second`);
console.log(`each: median ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(0.999999)} ms`);
console.log(`resident after: ${memory(server.pid, "VmRSS")} MiB, at most ${memory(server.pid, "VmHWM")} MiB`);
console.log(`left open: ${LOADS - times.length}; wrong: ${wrong.length} ${wrong.slice(0, 3).join("; ")}`);
server.stop();
process.exit(wrong.length || times.length !== LOADS ? 1 : 0);
