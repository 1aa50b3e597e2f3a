/** The release build of Vestibule, running. */

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { navigating, posting, send, type Answer } from './http';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BINARY = join(ROOT, 'target/release/vestibule');
const LONGEST_START = 20_000;
const LONGEST_STOP = 5_000;

/** Settings as environment variables. */
export type Settings = Record<string, string>;

/** One line of the log. */
export interface LogLine {
  level: string;
  target: string;
  fields: Record<string, string>;
}

export class Server {
  readonly #process: ChildProcess;
  readonly #log: LogLine[] = [];
  #complaints = '';
  #isStopping = false;

  private constructor(
    readonly url: string,
    settings: Settings,
    within: string[] = [],
  ) {
    const env = { ...inherited(), LEPTOS_SITE_ADDR: new URL(url).host, VESTIBULE_LOG__FORMAT: 'json', ...settings };
    const [program = BINARY, ...words] = [...within, BINARY];
    this.#process = spawn(program, words, { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'pipe'] });
    createInterface({ input: this.#process.stderr! }).on('line', (line) => this.#note(line));
    this.#process.on('exit', (code, signal) => {
      if (!this.#isStopping)
        console.error(`Vestibule at ${url} has gone by itself: ${signal ?? code}\n${this.#complaints}`);
    });
  }

  /**
   * Starts one on a free port, and waits until it answers and has looked for the OpenAPI document. The command `within`,
   * if there is one, runs it.
   */
  static async start(settings: Settings, within?: string[]): Promise<Server> {
    const server = new Server(`http://127.0.0.1:${await freePort()}`, settings, within);
    await server.#answers();
    return server;
  }

  /** Starts one that should refuse to: its exit code, and what it says about it. */
  static async refuses(settings: Settings): Promise<{ code: number | null; says: string }> {
    const server = new Server(`http://127.0.0.1:${await freePort()}`, settings);
    server.#isStopping = true;
    const [code] = (await once(server.#process, 'close')) as [number | null];
    return { code, says: server.#complaints };
  }

  /** All that it has said so far, as it has said it. */
  get says(): string {
    return this.#complaints;
  }

  /** Asks it to stop, and answers its exit code; none if it has to be killed after so many milliseconds. */
  async stop(longest = LONGEST_STOP): Promise<number | null> {
    this.#isStopping = true;
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return this.#process.exitCode;
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), longest);
    await gone;
    clearTimeout(timer);
    return this.#process.exitCode;
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    this.#isStopping = true;
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await gone;
  }

  /** The most memory that it has had in use so far, in MiB. Linux only. */
  async peakMemory(): Promise<number> {
    const status = await readFile(`/proc/${this.#process.pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  }

  /** No file of its can grow beyond so many bytes. What runs it has to see to it that it survives that. Linux only. */
  async limitFiles(bytes: number | 'unlimited'): Promise<void> {
    await promisify(execFile)('prlimit', ['--pid', `${this.#process.pid}`, `--fsize=${bytes}:`]);
  }

  /** Asks it, as an operator does, to read the OpenAPI document again. */
  hangUp(): void {
    this.#process.kill('SIGHUP');
  }

  /** It stands still: connections stay open, and nobody answers. */
  freeze(): void {
    this.#process.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process.kill('SIGCONT');
  }

  get(path: string, headers: Record<string, string> = navigating): Promise<Answer> {
    return send(this.url, path, { headers });
  }

  /** Signs in as a browser does, and returns the session's cookie as `name=value`. */
  async signIn(person = 'ada'): Promise<string> {
    const answer = await send(this.url, '/login', posting({ username: person, password: person }));
    const cookie = answer.cookies[0]?.split(';')[0];
    if (answer.status !== 303 || !cookie) throw new Error(`${person} cannot sign in: ${answer.status} ${answer.body}`);
    return cookie;
  }

  /** Whether a cookie is a live session. Looking does not extend it. */
  async isLive(cookie: string): Promise<boolean> {
    return (await this.get('/api/session', { cookie })).status === 200;
  }

  /** The sum of a metric over all labels, or over those that hold `label`. */
  async metric(name: string, label = ''): Promise<number> {
    const { body } = await this.get('/metrics');
    const lines = body.split('\n').filter((line) => new RegExp(`^${name}[{ ]`).test(line) && line.includes(label));
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  /** A view of the log from now on. */
  tail(): () => LogLine[] {
    const start = this.#log.length;
    return () => this.#log.slice(start);
  }

  #note(line: string): void {
    this.#complaints += `${line}\n`;
    if (line.startsWith('{')) this.#log.push(JSON.parse(line) as LogLine);
  }

  async #answers(): Promise<void> {
    const deadline = Date.now() + LONGEST_START;
    for (;;) {
      const readiness = await this.get('/readyz').catch(() => undefined);
      if (readiness && !readiness.body.includes('not read yet')) return;
      if (this.#process.exitCode !== null || Date.now() > deadline) {
        throw new Error(`Vestibule did not start:\n${this.#complaints}`);
      }
      await pause(20);
    }
  }
}

/** What came of a command. */
export interface Outcome {
  code: number | null;
  prints: string;
  says: string;
}

/** Runs the program with these arguments until it has done what they say. */
export async function command(words: string[], settings: Settings): Promise<Outcome> {
  const env = { ...inherited(), VESTIBULE_LOG__FORMAT: 'json', ...settings };
  const running = spawn(BINARY, words, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const outcome: Outcome = { code: null, prints: '', says: '' };
  running.stdout.on('data', (part) => (outcome.prints += part));
  running.stderr.on('data', (part) => (outcome.says += part));
  [outcome.code] = (await once(running, 'close')) as [number | null];
  return outcome;
}

/** The audit lines among these that say that a session has ended. */
export function endings(log: LogLine[]): LogLine[] {
  return log.filter((line) => line.target === 'vestibule::audit' && line.fields['message'] === 'session ended');
}

/** This process' environment without anybody's own settings. */
function inherited(): Settings {
  const foreign = /^(VESTIBULE_|LEPTOS_|API_BASE_URL$)/;
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value && !foreign.test(name) ? [[name, value]] : [])),
  );
}

export async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, 'close');
  return port;
}
