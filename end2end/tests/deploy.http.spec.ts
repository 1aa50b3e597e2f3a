/** The files in deploy/, as far as a machine can check them without them being in use. */

import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, scripted as test } from '../fixtures';

const UNIT = fileURLToPath(new URL('../../deploy/vestibule.service', import.meta.url));

test('systemd takes the unit as it is, and finds it locked down', async ({}, info) => {
  test.skip(spawnSync('systemd-analyze', ['--version']).error !== undefined, 'systemd is not installed.');
  const program = info.outputPath('vestibule');
  await mkdir(info.outputDir, { recursive: true });
  await writeFile(program, '');
  await chmod(program, 0o755);
  const unit = join(info.outputDir, 'vestibule.service');
  await writeFile(unit, (await readFile(UNIT, 'utf8')).replace('ExecStart=/opt/vestibule/vestibule', `ExecStart=${program}`));
  const analyse = (...words: string[]) => spawnSync('systemd-analyze', [...words, unit], { encoding: 'utf8' });
  expect(analyse('verify', '--man=no')).toMatchObject({ status: 0, stderr: '' });
  // Of 100, where most services have more than 90.
  expect(analyse('security', '--offline=true', '--threshold=30')).toMatchObject({ status: 0 });
});
