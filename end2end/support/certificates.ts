/** Certificates for TLS on this machine, from an authority of a test's own. */

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Certificates {
  /** Whoever believes this one believes the server. */
  authority: string;
  certificate: string;
  key: string;
}

export async function certificates(directory: string): Promise<Certificates> {
  const file = (name: string) => join(directory, name);
  const openssl = (command: string) => run('openssl', command.split(' '), { cwd: directory });
  await writeFile(file('server.ext'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\nbasicConstraints=CA:FALSE\n');
  const fresh = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';
  await openssl(`req -x509 ${fresh} -keyout authority.key -out authority.pem -days 2 -subj /CN=authority`);
  await openssl(`req ${fresh} -keyout server.key -out server.csr -subj /CN=localhost`);
  const signing = '-CA authority.pem -CAkey authority.key -CAcreateserial -days 2 -extfile server.ext';
  await openssl(`x509 -req -in server.csr -out server.pem ${signing}`);
  return { authority: file('authority.pem'), certificate: file('server.pem'), key: file('server.key') };
}
