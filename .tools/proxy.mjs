// make proxy: the throughput of /api/upstream/… beside that of nginx's proxy_pass, in front of the same upstream and in
// one run. The upstream is another nginx, so that little of what is measured is its own. Needs nginx and wrk.

import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:net";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, start } from "./release.mjs";

const BOUND = 0.7;
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const SECONDS = Number(process.env.SECONDS ?? 8);
const CONNECTIONS = 32;

/** What is asked for, and what is measured of it. */
const BODIES = [
  { name: "small bodies", path: "/small.json", unit: "requests/s" },
  { name: "1 MiB bodies", path: "/large.bin", unit: "requests/s" },
];

const directory = mkdtempSync(join(tmpdir(), "vestibule-proxy-"));
// nginx serves files as nobody in particular when root has started it.
chmodSync(directory, 0o755);
const children = [];
process.on("exit", () => {
  for (const child of children) child.kill();
  rmSync(directory, { recursive: true, force: true });
});

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Runs an nginx with one server, and waits until it answers. */
async function nginx(name, workers, http, locations) {
  const port = await freePort();
  const home = join(directory, name);
  mkdirSync(home);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${home}/${kind};`);
  writeFileSync(
    join(home, "nginx.conf"),
    `daemon off; worker_processes ${workers}; pid ${home}/pid; error_log ${home}/error.log;
     events { worker_connections 1024; }
     http { access_log off; keepalive_requests 1000000; sendfile on; tcp_nopush on; ${temporary.join(" ")} ${http}
       server { listen 127.0.0.1:${port}; default_type application/json; ${locations} } }`,
  );
  children.push(spawn("nginx", ["-p", home, "-c", join(home, "nginx.conf")], { stdio: "ignore" }));
  const origin = `http://127.0.0.1:${port}`;
  while (!(await fetch(origin).catch(() => undefined))) await new Promise((resolve) => setTimeout(resolve, 20));
  return origin;
}

/** Requests a second, and what went wrong. */
function wrk(url, headers) {
  const lines = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const report = execFileSync("wrk", ["-t1", `-c${CONNECTIONS}`, `-d${SECONDS}s`, ...lines, url], { encoding: "utf8" });
  if (/Non-2xx|Socket errors/.test(report)) throw new Error(`${url}\n${report}`);
  return Number(report.match(/Requests\/sec:\s+([\d.]+)/)?.[1]);
}

const files = join(directory, "files");
mkdirSync(files);
writeFileSync(join(files, "small.json"), JSON.stringify({ data: { id: 7, name: "Lamp", quantity: 3 }, message: "OK" }));
writeFileSync(join(files, "large.bin"), Buffer.alloc(1 << 20, "x"));

const tokens = `{"data":{"accessToken":"access","refreshToken":"refresh","expiresIn":3600}}`;
const upstream = await nginx(
  "upstream",
  1,
  "",
  `root ${files}; location = /auth/login { return 200 '${tokens}'; } location = /large.bin { default_type application/octet-stream; }`,
);
const behind = await nginx(
  "proxy",
  "auto",
  `upstream api { server ${new URL(upstream).host}; keepalive 64; }`,
  `location / { proxy_pass http://api; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_max_temp_file_size 0; }`,
);
const settings = {
  API_BASE_URL: upstream,
  VESTIBULE_LOG__FILTER: "error",
  VESTIBULE_SESSION__STORE: `sqlite:${join(directory, "sessions.db")}`,
};
const server = await start({ settings });
const headers = { cookie: await server.signIn(), "x-csrf": "1" };

let isWithin = true;
for (const { name, path, unit } of BODIES) {
  const rates = { nginx: [], vestibule: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    rates.nginx.push(wrk(behind + path, {}));
    rates.vestibule.push(wrk(`${server.origin}/api/upstream${path}`, headers));
  }
  const [nginxRate, ownRate] = [median(rates.nginx), median(rates.vestibule)];
  const share = ownRate / nginxRate;
  isWithin &&= share >= BOUND;
  const rounded = `${ownRate.toFixed(0)} ${unit}, nginx ${nginxRate.toFixed(0)}`;
  console.log(`${name}: ${rounded}: ${(share * 100).toFixed(0)} % (bound ${BOUND * 100} %), medians of ${ROUNDS}`);
}
server.stop();
process.exit(isWithin ? 0 : 1);
