/** nginx or Caddy in front of nodes, as the files in deploy/ say, but for names, ports and certificates. */

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { certificates, type Certificates } from './certificates';
import { send } from './http';
import type { Server } from './server';

const DEPLOY = fileURLToPath(new URL('../../deploy', import.meta.url));
const LONGEST_START = 10_000;

export type Kind = 'nginx' | 'caddy';

export function isInstalled(kind: Kind): boolean {
  return spawnSync(kind, [kind === 'nginx' ? '-v' : 'version']).error === undefined;
}

export class Front {
  private constructor(
    readonly url: string,
    readonly process: ChildProcess,
  ) {}

  /** Starts one at `url`, with its files in `directory`. */
  static async start(kind: Kind, url: string, nodes: Server[], directory: string): Promise<Front> {
    const { host } = new URL(url);
    await mkdir(directory, { recursive: true });
    const files = await certificates(directory);
    const command = kind === 'nginx' ? await nginx(host, nodes, files, directory) : await caddy(host, nodes, files, directory);
    const log = await open(join(directory, 'front.log'), 'w');
    const env = { ...process.env, XDG_CONFIG_HOME: directory, XDG_DATA_HOME: directory };
    const front = new Front(url, spawn(kind, command, { env, stdio: ['ignore', 'ignore', log.fd] }));
    await log.close();
    const deadline = Date.now() + LONGEST_START;
    while (!(await send(url, '/healthz').catch(() => undefined))) {
      if (Date.now() > deadline) throw new Error(`${kind} does not start: see ${directory}/front.log`);
      await pause(50);
    }
    return front;
  }

  async stop(): Promise<void> {
    const gone = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    await gone;
  }
}

/** The file of deploy/ with these nodes in it. */
async function deployed(name: string, nodes: Server[]): Promise<string> {
  const text = await readFile(join(DEPLOY, name), 'utf8');
  return nodes.reduce((text, { url }, index) => text.replace(`10.0.0.1${index + 1}:3000`, new URL(url).host), text);
}

async function nginx(host: string, nodes: Server[], files: Certificates, directory: string): Promise<string[]> {
  const site = (await deployed('nginx.conf', nodes))
    .replace('listen 443 ', `listen ${host} `)
    .replace(/\n.*listen \[::\]:443.*/, '')
    .replace(/ssl_certificate .*;/, `ssl_certificate ${files.certificate};`)
    .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${files.key};`);
  await writeFile(join(directory, 'site.conf'), site);
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${directory}/${name};`);
  const main = `daemon off; pid nginx.pid; error_log stderr; events {}
    http { access_log off; ${places.join(' ')} include site.conf; }`;
  await writeFile(join(directory, 'main.conf'), main);
  return ['-p', directory, '-e', 'stderr', '-c', 'main.conf'];
}

async function caddy(host: string, nodes: Server[], files: Certificates, directory: string): Promise<string[]> {
  const site = (await deployed('Caddyfile', nodes)).replace(
    'console.example.org {',
    `{\n admin off\n auto_https disable_redirects\n}\nhttps://${host} {\n tls ${files.certificate} ${files.key}`,
  );
  await writeFile(join(directory, 'Caddyfile'), site);
  return ['run', '--config', join(directory, 'Caddyfile'), '--adapter', 'caddyfile'];
}
