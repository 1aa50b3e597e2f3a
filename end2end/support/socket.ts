/** The other end of a WebSocket (RFC 6455), as far as a test needs one: it says back what it is told. */

import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

const MAGIC = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT = 0x81;

/** Agrees to the handshake, says `greeting`, and echoes every short text. */
export function echo(request: IncomingMessage, socket: Duplex, greeting: string): void {
  const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${MAGIC}`).digest('base64');
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Accept: ${accept}\r\nSet-Cookie: stolen=1\r\n\r\n`,
  );
  say(socket, greeting);
  socket.on('data', (frame: Buffer) => {
    if (frame[0] === TEXT) say(socket, `echo: ${unmasked(frame)}`);
  });
  socket.on('error', () => socket.destroy());
}

/** A whole text of up to 125 bytes. */
function say(socket: Duplex, text: string): void {
  const bytes = Buffer.from(text);
  socket.write(Buffer.concat([Buffer.from([TEXT, bytes.length]), bytes]));
}

/** What a browser sends is masked with four bytes of its choice. */
function unmasked(frame: Buffer): string {
  const mask = frame.subarray(2, 6);
  return Buffer.from(frame.subarray(6).map((byte, at) => byte ^ (mask[at % 4] ?? 0))).toString();
}
