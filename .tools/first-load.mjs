// The size budget: JavaScript and WebAssembly of the first load of a signed-in page, as it travels (brotli).
// Signs in to the release build as the demo user, and fetches what the page names and what that imports.

import { brotliCompressSync, brotliDecompressSync } from "node:zlib";
import { start } from "./release.mjs";

const BUDGET = 140 * 1024;

const text = ({ headers, raw }) => (headers["content-encoding"] === "br" ? brotliDecompressSync(raw) : raw).toString();

/** Adds the file and the modules it imports statically to `sizes`. */
async function measure(server, path, sizes) {
  if (sizes.has(path)) return;
  const answer = await server.exchange(path, { headers: { "accept-encoding": "br" } });
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
  if (answer.headers["content-encoding"] !== "br") throw new Error(`${path} is not served as brotli`);
  sizes.set(path, answer.raw.length);
  if (!path.endsWith(".js")) return;
  for (const [, file] of text(answer).matchAll(/(?:from|import)\s*["'](\.[^"']+\.js)["']/g)) {
    await measure(server, new URL(file, new URL(path, server.origin)).pathname, sizes);
  }
}

async function firstLoad(server) {
  const page = await server.exchange("/", { headers: { cookie: await server.signIn(), accept: "text/html" } });
  if (page.status !== 200) throw new Error(`the signed-in page answered ${page.status}`);
  const html = text(page);
  const sizes = new Map();
  for (const [path] of html.matchAll(/\/pkg\/[\w./-]+\.(?:js|wasm)\b/g)) await measure(server, path, sizes);
  const inline = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([^]*?)<\/script>/g)].map(([, script]) => script);
  sizes.set("inline scripts", brotliCompressSync(inline.join("\n")).length);
  if (![...sizes.keys()].some((path) => path.endsWith(".wasm"))) throw new Error("the page names no .wasm file");
  return sizes;
}

const server = await start();
const sizes = await firstLoad(server);
for (const [path, bytes] of sizes) console.log(`${String(bytes).padStart(8)}  ${path}`);
const total = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
console.log(`${String(total).padStart(8)}  bytes in all, ${(total / 1024).toFixed(1)} of ${BUDGET / 1024} KiB`);
server.stop();
process.exit(total > BUDGET ? 1 : 0);
