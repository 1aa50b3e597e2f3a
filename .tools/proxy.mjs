// make proxy: the throughput of /api/upstream/… beside that of nginx's proxy_pass, in front of the same upstream and in
// one run: a small API of one process, and another nginx that has files. Needs nginx and wrk.

import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:net";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { median, start } from "./release.mjs";

const ROUNDS = Number(process.env.ROUNDS ?? 3);
const SECONDS = Number(process.env.SECONDS ?? 8);
const CONNECTIONS = 32;

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
  const home = join(directory, name.replaceAll(" ", "-"));
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
  return answering(`http://127.0.0.1:${port}`);
}

async function api() {
  const port = await freePort();
  children.push(spawn(process.execPath, [".tools/proxy-api.mjs", port], { stdio: "inherit" }));
  return answering(`http://127.0.0.1:${port}`);
}

async function answering(origin) {
  while (!(await fetch(origin).catch(() => undefined))) await sleep(20);
  return origin;
}

/** Requests a second, and what went wrong. */
function wrk(url, headers) {
  const lines = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const report = execFileSync("wrk", ["-t1", `-c${CONNECTIONS}`, `-d${SECONDS}s`, ...lines, url], { encoding: "utf8" });
  if (/Non-2xx|Socket errors/.test(report)) throw new Error(`${url}\n${report}`);
  return Number(report.match(/Requests\/sec:\s+([\d.]+)/)?.[1]);
}

/** Measures both in front of `upstream`, by turns. Whether the share of nginx's throughput is at least `bound`. */
async function compare(name, upstream, path, bound) {
  const nginxOrigin = await nginx(
    name,
    "auto",
    `upstream api { server ${new URL(upstream).host}; keepalive 64; }`,
    `location / { proxy_pass http://api; proxy_http_version 1.1; proxy_max_temp_file_size 0;
       proxy_set_header Connection ""; proxy_set_header Authorization "Bearer access"; }`,
  );
  const store = `sqlite:${join(directory, `${name.replaceAll(" ", "-")}.db`)}`;
  const settings = { API_BASE_URL: upstream, VESTIBULE_LOG__FILTER: "off", VESTIBULE_SESSION__STORE: store };
  const server = await start({ settings });
  const headers = { cookie: await server.signIn(), "x-csrf": "1" };
  const rates = { nginx: [], own: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    rates.nginx.push(wrk(nginxOrigin + path, {}));
    rates.own.push(wrk(`${server.origin}/api/upstream${path}`, headers));
  }
  server.stop();
  const [theirs, own] = [median(rates.nginx), median(rates.own)];
  const share = ((own / theirs) * 100).toFixed(0);
  console.log(`${name}: ${own.toFixed(0)} requests/s, nginx ${theirs.toFixed(0)}: ${share} % (bound ${bound} %)`);
  return share >= bound;
}

const root = join(directory, "root");
mkdirSync(root);
writeFileSync(join(root, "small.json"), JSON.stringify({ data: { id: 7, name: "Lamp", quantity: 3 }, message: "OK" }));
writeFileSync(join(root, "large.bin"), Buffer.alloc(1 << 20, "x"));
const tokens = `{"data":{"accessToken":"access","refreshToken":"refresh","expiresIn":3600}}`;
const files = await nginx(
  "files",
  1,
  "",
  `root ${root}; location = /auth/login { return 200 '${tokens}'; }
   location = /large.bin { default_type application/octet-stream; }`,
);
const results = [
  await compare("small bodies of an API", await api(), "/items", 70),
  await compare("1 MiB bodies", files, "/large.bin", 70),
  // What the proxy itself costs, beside an upstream that costs next to nothing.
  await compare("small files", files, "/small.json", 0),
];
process.exit(results.every(Boolean) ? 0 : 1);
