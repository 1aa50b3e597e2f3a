/** An OpenID provider: the certified `oidc-provider`, with a sign-in page of one field. To a browser it is another site. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import Authority, { type KoaContextWithOIDC } from 'oidc-provider';
import { claims, holder } from './jwt';
import { Listener } from './listener';

const CLIENT = 'vestibule';
const SECRET = 'a-secret-of-the-client';
const SECRETS = ['access_token', 'client_secret', 'code', 'code_verifier', 'id_token', 'logout_token', 'refresh_token'];
/** What an access token is for that is a JWT; any other is opaque. */
export const RESOURCE = 'https://storeroom.example/';
const PEOPLE: Record<string, string> = { ada: 'Ada Lovelace', grace: 'Grace Hopper' };

export class Provider {
  /** How long access tokens live that are issued from now on, in seconds. */
  lifetime = 300;
  /** What it and Vestibule have told each other, and nobody else may know. */
  readonly secrets = new Set<string>();
  /** By what name it knows the newest sign-in, at Vestibule. */
  sid = '';
  #forgotten = new Set<string>();
  #authority!: Authority;
  readonly #listener = new Listener('localhost', (request, response) => void this.#answer(request, response));

  static async start(): Promise<Provider> {
    const provider = new Provider();
    await provider.up();
    return provider;
  }

  get url(): string {
    return this.#listener.url;
  }

  /** What Vestibule has to be told about it. */
  get settings(): Record<string, string> {
    return {
      VESTIBULE_SIGN_IN__OIDC__CORP__ISSUER: this.url,
      VESTIBULE_SIGN_IN__OIDC__CORP__CLIENT_ID: CLIENT,
      VESTIBULE_SIGN_IN__OIDC__CORP__CLIENT_SECRET: SECRET,
      VESTIBULE_SIGN_IN__OIDC__CORP__LABEL: 'Corp',
      VESTIBULE_SIGN_IN__OIDC__CORP__SIGN_OUT_AT_PROVIDER: 'true',
    };
  }

  /** Knows Vestibule at this address as its one client from now on. */
  serve(vestibule: string): void {
    this.#authority = new Authority(this.url, {
      clients: [
        {
          client_id: CLIENT,
          client_secret: SECRET,
          grant_types: ['authorization_code', 'refresh_token'],
          redirect_uris: [`${vestibule}/auth/corp/callback`],
          post_logout_redirect_uris: [`${vestibule}/auth/corp/signed-out`],
          backchannel_logout_uri: `${vestibule}/auth/corp/backchannel-logout`,
          backchannel_logout_session_required: true,
        },
      ],
      claims: { openid: ['sub'], profile: ['name', 'preferred_username'] },
      cookies: { keys: ['a key of the provider'] },
      features: {
        backchannelLogout: { enabled: true },
        devInteractions: { enabled: false },
        resourceIndicators: { enabled: true, getResourceServerInfo, useGrantedResource: () => true },
        revocation: { enabled: true },
        rpInitiatedLogout: { enabled: true, logoutSource },
      },
      // Its own way out refuses to call this machine.
      fetch: (url, options) => {
        this.#note(Object.fromEntries(new URLSearchParams(String(options?.body))));
        return fetch(url, { ...options, dispatcher: undefined } as RequestInit);
      },
      findAccount: (_, sub) => this.#account(sub),
      interactions: { url: (_, { uid }) => `/interaction/${uid}` },
      issueRefreshToken: async () => true,
      loadExistingGrant,
      pkce: { required: () => true },
      rotateRefreshToken: true,
      ttl: { AccessToken: () => this.lifetime, Grant: 3600, IdToken: 300, Interaction: 600, RefreshToken: 3600, Session: 3600 },
    });
    this.#authority.on('grant.success', ({ body, oidc: { params } }) => {
      this.#note({ ...params, ...(body as object) });
      this.#note({ ...params });
    });
  }

  /** Whose access token this is, if it is good now. */
  async person(token: string): Promise<string | undefined> {
    if (token.includes('.')) return holder(token, this.url, RESOURCE);
    const found = await this.#authority?.AccessToken.find(token);
    return found?.isValid ? found.accountId : undefined;
  }

  /** Refuses to renew what this person was given. */
  forget(person: string): void {
    this.#forgotten.add(person);
  }

  /** As new, but for who is signed in where. */
  async reset(): Promise<void> {
    this.lifetime = 300;
    this.#forgotten.clear();
    this.secrets.clear();
    this.#note({ client_secret: SECRET });
    await this.up();
  }

  /** Nothing listens any more. */
  async down(): Promise<void> {
    await this.#listener.down();
  }

  /** Listens, at the same address as before. */
  async up(): Promise<void> {
    await this.#listener.up();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!request.url?.startsWith('/interaction/')) return this.#authority.callback()(request, response);
    if (request.method !== 'POST') return page(response, signInForm(request.url));
    const accountId = new URLSearchParams(await text(request)).get('person') ?? '';
    await this.#authority.interactionFinished(request, response, { login: { accountId } });
  }

  /** What of a request or an answer is secret. */
  #note(told: Record<string, unknown>): void {
    for (const name of SECRETS) if (told[name]) this.secrets.add(String(told[name]));
    if (told['id_token']) this.sid = claims(String(told['id_token'])).sid ?? '';
  }

  async #account(sub: string) {
    const name = PEOPLE[sub];
    if (!name || this.#forgotten.has(sub)) return undefined;
    return { accountId: sub, claims: () => ({ sub, name, preferred_username: sub }) };
  }
}

function getResourceServerInfo() {
  return { scope: 'items', accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } } as const;
}

/** Whoever signs in agrees to everything. */
async function loadExistingGrant({ oidc }: KoaContextWithOIDC) {
  const { client, session, provider, params } = oidc;
  const known = session?.grantIdFor(client!.clientId);
  const granted = known && (await provider.Grant.find(known));
  if (granted) return granted;
  const grant = new provider.Grant({ clientId: client!.clientId, accountId: session!.accountId! });
  grant.addOIDCScope(String(params?.['scope']));
  grant.addResourceScope(RESOURCE, 'items');
  await grant.save();
  return grant;
}

function signInForm(action: string): string {
  return `<h1>Corp</h1><form method="post" action="${action}"><label>Person <input name="person" autofocus></label>
    <button>Go on</button></form>`;
}

/** The provider asks whether to sign out there too. `form` is its own. */
function logoutSource(ctx: KoaContextWithOIDC, form: string): void {
  ctx.body = `<!doctype html><title>Corp</title><h1>Sign out of Corp?</h1>${form}
    <button form="op.logoutForm" name="logout" value="yes">Yes</button>`;
}

function page(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end(`<!doctype html><title>Corp</title><link rel="icon" href="data:,">${body}`);
}

async function text(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += part;
  return text;
}
