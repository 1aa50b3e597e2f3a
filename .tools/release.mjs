// The release build with the demo API, on a free port, and somebody who is signed in: what the measurements share.

import { spawn } from "node:child_process";
import { Agent, request } from "node:http";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Starts the server and waits for its first answer. */
export async function start({ connections = 1, settings = {} } = {}) {
  const origin = `http://127.0.0.1:${await freePort()}`;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const began = performance.now();
  const server = spawn("target/release/vestibule", {
    env: { ...process.env, LEPTOS_SITE_ADDR: new URL(origin).host, VESTIBULE_SESSION__STORE: "memory", ...settings },
    stdio: ["ignore", "ignore", "inherit"],
  });
  server.on("error", (error) => console.error(`The release build is missing (${error.code}): run 'make build'.`));

  /** One exchange; the body stays as it travelled. */
  const exchange = (path, { method = "GET", headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      const sent = request(new URL(path, origin), { agent, method, headers }, async (response) => {
        const chunks = await response.toArray().catch(reject);
        resolve({ status: response.statusCode, headers: response.headers, raw: Buffer.concat(chunks ?? []) });
      });
      sent.on("error", reject).end(body);
    });

  /** Signs in as the demo user and returns the session's cookie. */
  const signIn = async () => {
    const headers = { "content-type": "application/x-www-form-urlencoded", origin, "sec-fetch-site": "same-origin" };
    const answer = await exchange("/login", { method: "POST", headers, body: "username=demo&password=demo&next=/" });
    const cookie = answer.headers["set-cookie"]?.[0]?.split(";")[0];
    if (!cookie) throw new Error(`signing in as demo answered ${answer.status} without a cookie`);
    return cookie;
  };

  const untilReady = async () => {
    while (performance.now() - began < 10_000) {
      if (server.exitCode !== null) throw new Error("the server stopped at once");
      const answer = await exchange("/healthz").catch(() => undefined);
      if (answer?.status === 200) return performance.now() - began;
      await sleep(2);
    }
    throw new Error("the server did not answer on /healthz within 10 s");
  };

  const stop = () => {
    agent.destroy();
    server.kill();
  };
  process.on("exit", stop);
  return { origin, pid: server.pid, exchange, signIn, stop, firstAnswer: await untilReady() };
}

export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
