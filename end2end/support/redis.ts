/** Redis, running: a server of a test's own, which keeps what it has on disk. */

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './server';

const run = promisify(execFile);
const LONGEST_START = 10_000;

/** All that an account of Vestibule's own needs, as the README says. */
const RIGHTS =
  '~{vestibule}:* &{vestibule}:* -@all +@read +@write +@connection +evalsha +script|load +publish +subscribe +wait';

export class Redis {
  #process?: ChildProcess;

  private constructor(
    readonly port: number,
    readonly directory: string,
    readonly options: string[],
  ) {}

  static async start(...options: string[]): Promise<Redis> {
    const directory = await mkdtemp(join(tmpdir(), 'redis-'));
    const redis = new Redis(await freePort(), directory, options);
    await redis.up();
    return redis;
  }

  /** One that watches `master` under the name `sessions`, and puts a replica in its place when it is gone. */
  static async sentinelOf(master: Redis): Promise<Redis> {
    const directory = await mkdtemp(join(tmpdir(), 'sentinel-'));
    const file = join(directory, 'sentinel.conf');
    const rules = ['down-after-milliseconds sessions 1000', 'failover-timeout sessions 3000'];
    const lines = [`monitor sessions 127.0.0.1 ${master.port} 1`, ...rules].map((line) => `sentinel ${line}\n`);
    await writeFile(file, lines.join(''));
    const sentinel = new Redis(await freePort(), directory, [file, '--sentinel']);
    await sentinel.up();
    return sentinel;
  }

  /** Three that share the keys among them. The first one has Vestibule's, and so many replicas, which come last. */
  static async cluster(replicas = 0): Promise<Redis[]> {
    const start = async () => {
      const bus = `${await freePort()}`;
      return Redis.start('--cluster-enabled', 'yes', '--cluster-node-timeout', '1000', '--cluster-port', bus);
    };
    const [first, ...others] = (await Promise.all(Array.from({ length: 3 + replicas }, start))) as [Redis, ...Redis[]];
    const masters = [first, ...others.slice(0, 2)];
    // Slots are shared out in this order.
    const third = Math.floor((Number(await first.ask('CLUSTER KEYSLOT {vestibule}')) * 3) / 16_384);
    const inOrder = [...masters.slice(3 - third), ...masters.slice(0, 3 - third)];
    await run('redis-cli', ['--cluster', 'create', ...inOrder.map(({ host }) => host), '--cluster-yes']);
    await Promise.all(masters.map((node) => node.until('CLUSTER INFO', 'cluster_state:ok')));
    for (const replica of others.slice(2)) await replica.#follow(first);
    return [first, ...others];
  }

  async #follow(master: Redis): Promise<void> {
    const id = (await master.ask('CLUSTER MYID')).trim();
    const bus = master.options[master.options.indexOf('--cluster-port') + 1];
    await master.ask('CONFIG SET repl-diskless-sync-delay 0');
    await this.ask(`CLUSTER MEET 127.0.0.1 ${master.port} ${bus}`);
    await this.until('CLUSTER NODES', id);
    await this.until(`CLUSTER REPLICATE ${id}`, 'OK');
    await this.until('INFO replication', 'master_link_status:up');
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  get url(): string {
    return `redis://${this.host}`;
  }

  /** Starts, also again: on the same port, with what it has kept. */
  async up(): Promise<void> {
    const isSentinel = this.options.includes('--sentinel');
    const own = isSentinel ? [] : ['--appendonly', 'yes', '--appendfsync', 'always', '--save', '', '--dir', this.directory];
    const everyone = ['--port', `${this.port}`, '--bind', '127.0.0.1'];
    this.#process = spawn('redis-server', [...this.options, ...everyone, ...own], { stdio: 'ignore' });
    await this.until('PING', 'PONG');
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    if (this.#process?.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await gone;
  }

  /** It stands still: connections stay open, and nobody answers. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.directory, { recursive: true });
  }

  /** Has an account called `vestibule`, with no more rights than it needs. */
  async admit(password: string, ...more: string[]): Promise<void> {
    await this.ask(['ACL SETUSER vestibule on', `>${password}`, RIGHTS, ...more].join(' '));
  }

  async ask(command: string): Promise<string> {
    const { stdout } = await run('redis-cli', ['-p', `${this.port}`, ...command.split(' ')]).catch(() => ({ stdout: '' }));
    return stdout;
  }

  /** Waits until the answer to `command` holds `text`. */
  async until(command: string, text: string): Promise<void> {
    const deadline = Date.now() + LONGEST_START;
    while (!(await this.ask(command)).includes(text)) {
      if (Date.now() > deadline) throw new Error(`redis-server on port ${this.port}: ${command} does not say ${text}`);
      await pause(50);
    }
  }
}
