/**
 * A certified provider of single sign-on (oidc-provider) on this machine, that can be killed, brought back with or without its
 * memory, and made to sign tokens that it should not; and somebody who signs in at it as a browser does.
 */
import { createSign, generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import Provider from 'oidc-provider';
import { freePort } from './servers.ts';

export interface Account {
  email?: string;
  email_verified?: boolean;
  preferred_username?: string;
  groups?: readonly string[];
}

export interface IdentityProvider {
  readonly issuer: string;
  /** By login. What is changed here is said at the next asking. */
  accounts: Record<string, Account>;
  /** Changes the claims of every identity token that is made from now on; null lets them be. */
  forge: ((claims: Record<string, unknown>) => Record<string, unknown>) | null;
  /** No port answers any more. */
  kill(): Promise<void>;
  /** Answers again; `forgetful`: what it gave out before is worth nothing. */
  revive(options?: { forgetful?: boolean }): Promise<void>;
}

export const CLIENT = 'holdfast-console';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

const running = new Set<Server>();
process.once('exit', () => running.forEach((server) => server.close()));

export async function startIdentityProvider(
  accounts: Record<string, Account>,
  { refresh = true, secret }: { refresh?: boolean; secret?: string } = {},
): Promise<IdentityProvider> {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const jwk = { ...privateKey.export({ format: 'jwk' }), kid: 'test', use: 'sig', alg: 'RS256' };
  const made = (): Provider => {
    // It warns of what only a provider for others must not do.
    const { warn, info } = console;
    console.warn = console.info = () => undefined;
    try {
      return make();
    } finally {
      Object.assign(console, { warn, info });
    }
  };
  const make = (): Provider => {
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: CLIENT,
          application_type: 'native',
          redirect_uris: ['http://127.0.0.1/callback'],
          grant_types: ['authorization_code', ...(refresh ? ['refresh_token'] : [])],
          ...(secret === undefined
            ? { token_endpoint_auth_method: 'none' }
            : { client_secret: secret, token_endpoint_auth_method: 'client_secret_post' }),
        },
      ],
      jwks: { keys: [jwk] },
      cookies: { keys: ['of the tests'] },
      scopes: ['openid', ...(refresh ? ['offline_access'] : []), 'groups'],
      claims: {
        openid: ['sub'],
        email: ['email', 'email_verified'],
        profile: ['preferred_username'],
        groups: ['groups'],
      },
      findAccount: (_context: unknown, id: string) =>
        Object.hasOwn(one.accounts, id)
          ? { accountId: id, claims: () => ({ sub: id, ...one.accounts[id] }) }
          : undefined,
      ttl: { AccessToken: 3600, IdToken: 3600, RefreshToken: 86_400, Grant: 86_400, Session: 3600, Interaction: 3600 },
    });
    provider.use(async (context, next) => {
      await next();
      const body = context.body as { id_token?: string } | null;
      if (context.path === '/token' && one.forge && body?.id_token)
        context.body = { ...body, id_token: signed(one.forge(claimsOf(body.id_token))) };
    });
    return provider;
  };
  const signed = (claims: Record<string, unknown>): string => {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({ alg: 'RS256', kid: 'test', typ: 'JWT' })}.${part(claims)}`;
    return `${text}.${createSign('sha256').update(text).sign(privateKey).toString('base64url')}`;
  };
  let provider: Provider;
  let server: Server | null = null;
  const one: IdentityProvider = {
    issuer,
    accounts,
    forge: null,
    kill: () =>
      new Promise((done) => {
        if (server === null) return done();
        running.delete(server);
        server.close(() => done());
        server.closeAllConnections();
        server = null;
      }),
    revive: ({ forgetful = false } = {}) => {
      if (forgetful) provider = made();
      const next = createServer(provider.callback());
      server = next;
      running.add(next);
      return new Promise((done) => next.listen(port, '127.0.0.1', () => done()));
    },
  };
  provider = made();
  await one.revive();
  return one;
}

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;
}

/**
 * Goes where a browser would from `url`, signs in as `login` (null: declines), and comes back.
 * @param visit what is done with the address to which the provider sends the browser; fetched when not given
 * @returns the last page
 */
export async function signInAs(
  url: string,
  login: string | null,
  visit: (back: string) => Promise<string> = async (back) => (await fetch(back)).text(),
): Promise<string> {
  const { origin } = new URL(url);
  const cookies = new Map<string, string>();
  let at = url;
  let form: URLSearchParams | null = null;
  for (let step = 0; step < 20; step++) {
    if (new URL(at).origin !== origin) return visit(at);
    const response = await fetch(at, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form ? { method: 'POST', body: form } : {}),
    });
    form = null;
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      if (value === '') cookies.delete(name!);
      else cookies.set(name!, value!);
    }
    const next = response.headers.get('location');
    const page = await response.text();
    if (next !== null) {
      at = new URL(next, at).href;
      continue;
    }
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
    const action = /<form[^>]* action="([^"]+)"/.exec(page)?.[1];
    if (prompt === undefined || action === undefined) return page;
    at = new URL(login === null ? `${new URL(at).pathname}/abort` : action, at).href;
    if (login !== null) form = new URLSearchParams({ prompt, login, password: 'anything' });
  }
  throw new Error('the provider sends its visitor in circles');
}
