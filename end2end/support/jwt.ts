/** JSON Web Tokens, as far as a test needs them: reading one, and believing one as an API does. */

import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';

export interface Claims {
  iss?: string;
  aud?: string;
  exp?: number;
  sub?: string;
  sid?: string;
}

/** What a token says, whether it is true or not. */
export function claims(token: string): Claims {
  return part(token, 1) as Claims;
}

/** Whose access token for `audience` this is (RFC 9068), if its issuer has signed it and it is good now. */
export async function holder(token: string, issuer: string, audience: string): Promise<string | undefined> {
  const { kid, typ } = part(token, 0) as { kid: string; typ: string };
  const { keys } = (await (await fetch(`${issuer}/jwks`)).json()) as { keys: (JsonWebKey & { kid: string })[] };
  const key = keys.find((key) => key.kid === kid);
  const [message, signature] = [token.slice(0, token.lastIndexOf('.')), token.split('.')[2] ?? ''];
  const isSigned = key && verify('sha256', Buffer.from(message), createPublicKey({ key, format: 'jwk' }), bytes(signature));
  const { iss, aud, exp = 0, sub } = claims(token);
  const isGood = isSigned && typ === 'at+jwt' && iss === issuer && aud === audience && exp * 1000 > Date.now();
  return isGood ? sub : undefined;
}

function part(token: string, number: number): object {
  return JSON.parse(bytes(token.split('.')[number] ?? '').toString()) as object;
}

function bytes(text: string): Buffer {
  return Buffer.from(text, 'base64url');
}
