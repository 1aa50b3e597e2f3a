// The size budget: JavaScript and WebAssembly of the first load of a signed-in page, as it travels (brotli).
// Starts the release build, signs in as the demo user, and fetches what the page names and what that imports.

import { spawn } from "node:child_process";
import { request } from "node:http";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";

const BUDGET = 140 * 1024;

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const port = await freePort();
const origin = `http://127.0.0.1:${port}`;

/** One exchange; the body stays as it travelled. */
const exchange = (path, { method = "GET", headers = {}, body } = {}) =>
  new Promise((resolve, reject) => {
    const options = { method, headers: { "accept-encoding": "br", ...headers } };
    const sent = request(new URL(path, origin), options, async (response) => {
      const chunks = await response.toArray();
      resolve({ status: response.statusCode, headers: response.headers, raw: Buffer.concat(chunks) });
    });
    sent.on("error", reject).end(body);
  });

const text = ({ headers, raw }) => (headers["content-encoding"] === "br" ? brotliDecompressSync(raw) : raw).toString();

async function untilReady() {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const answer = await exchange("/healthz").catch(() => undefined);
    if (answer?.status === 200) return;
    await sleep(100);
  }
  throw new Error("the server did not answer on /healthz within 10 s");
}

const attribute = (tag, name) => tag.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1] ?? "";

/** Signs in through the login page's own form and returns the session cookie. */
async function signIn() {
  const page = text(await exchange("/login"));
  const form = page.match(/<form[^>]*>(?:(?!<\/form>)[^])*name="password"[^]*?<\/form>/)?.[0] ?? "";
  const fields = new URLSearchParams();
  for (const [input] of form.matchAll(/<input[^>]*>/g)) {
    if (attribute(input, "name")) fields.set(attribute(input, "name"), attribute(input, "value"));
  }
  fields.set("username", "demo");
  fields.set("password", "demo");
  const headers = { "content-type": "application/x-www-form-urlencoded", origin, "sec-fetch-site": "same-origin" };
  const answer = await exchange(attribute(form, "action") || "/login", { method: "POST", headers, body: `${fields}` });
  const cookies = answer.headers["set-cookie"] ?? [];
  if (!cookies.length) throw new Error(`signing in as demo answered ${answer.status} without a cookie`);
  return cookies.map((cookie) => cookie.split(";")[0]).join("; ");
}

/** Adds the file and the modules it imports statically to `sizes`. */
async function measure(path, sizes) {
  if (sizes.has(path)) return;
  const answer = await exchange(path);
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
  if (answer.headers["content-encoding"] !== "br") throw new Error(`${path} is not served as brotli`);
  sizes.set(path, answer.raw.length);
  if (!path.endsWith(".js")) return;
  for (const [, file] of text(answer).matchAll(/(?:from|import)\s*["'](\.[^"']+\.js)["']/g)) {
    await measure(new URL(file, new URL(path, origin)).pathname, sizes);
  }
}

async function firstLoad() {
  await untilReady();
  const page = await exchange("/", { headers: { cookie: await signIn() } });
  if (page.status !== 200) throw new Error(`the signed-in page answered ${page.status}`);
  const html = text(page);
  const sizes = new Map();
  for (const [path] of html.matchAll(/\/pkg\/[\w./-]+\.(?:js|wasm)\b/g)) await measure(path, sizes);
  const inline = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([^]*?)<\/script>/g)].map(([, script]) => script);
  sizes.set("inline scripts", brotliCompressSync(inline.join("\n")).length);
  if (![...sizes.keys()].some((path) => path.endsWith(".wasm"))) throw new Error("the page names no .wasm file");
  return sizes;
}

const env = { ...process.env, LEPTOS_SITE_ADDR: `127.0.0.1:${port}`, VESTIBULE_SESSION__STORE: "memory" };
const server = spawn("target/release/vestibule", { env, stdio: ["ignore", "ignore", "inherit"] });
try {
  const sizes = await firstLoad();
  for (const [path, bytes] of sizes) console.log(`${String(bytes).padStart(8)}  ${path}`);
  const total = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  console.log(`${String(total).padStart(8)}  bytes in all, ${(total / 1024).toFixed(1)} of ${BUDGET / 1024} KiB`);
  process.exitCode = total > BUDGET ? 1 : 0;
} catch (error) {
  console.error(`The first load could not be measured: ${error.message}.`);
  process.exitCode = 1;
} finally {
  server.kill();
}
