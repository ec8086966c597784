/**
 * Speaking with a provider of single sign-on: OpenID Connect, authorisation code with PKCE. Invariants: an identity token counts only
 * when it is signed by the provider, for this client, in time, and answers this very sign-in; whatever goes wrong becomes one
 * sentence and one of four kinds. Loaded when somebody signs in, or is asked about.
 */
import * as oidc from 'openid-client';
import { isSafe, type Claims, type Provider } from '../../../../shared/domain/access/sso.ts';
import { fetchWhole } from '../../sources/http.ts';
import { SourceFailure } from '../../sources/source.ts';
import type { Tokens } from './vault.ts';

/**
 * `unreachable`: no answer, or none of a provider that works; `refused`: it says no to the person; `config`: it says no to us;
 * `unbelievable`: what it said does not hold.
 */
export type FailureKind = 'unreachable' | 'refused' | 'config' | 'unbelievable';

export class SsoFailure extends Error {
  override readonly name = 'SsoFailure';
  readonly kind: FailureKind;
  /** @param message one sentence */
  constructor(kind: FailureKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

const LIMITS = { maxBytes: 2 * 1024 * 1024, limitMs: 10_000 };
/** How long what discovery said is believed, ms. */
const FRESH_MS = 15 * 60_000;

const ALWAYS = ['openid'];
/** Asked for where the provider knows them, or does not say what it knows. */
const WISHED = ['profile', 'email', 'offline_access', 'groups'];

export interface Asked {
  url: URL;
  state: string;
  nonce: string;
  verifier: string;
}

export interface Answered {
  claims: Claims & { sub: string };
  tokens: Tokens;
}

interface Found {
  key: string;
  at: number;
  config: oidc.Configuration;
}
let found: Found | null = null;

export class SsoClient {
  readonly #config: oidc.Configuration;
  readonly #provider: Provider;
  readonly #name: string;

  private constructor(config: oidc.Configuration, provider: Provider) {
    this.#config = config;
    this.#provider = provider;
    this.#name = provider.name;
  }

  /** Finds what the issuer has; `anew`: whatever is known of it, so that it shows whether it answers. @throws SsoFailure */
  static async connect(provider: Provider, secret: string | null, anew = false): Promise<SsoClient> {
    const { issuer, client, name } = provider;
    const key = JSON.stringify([issuer, client, secret]);
    if (anew || found?.key !== key || performance.now() - found.at > FRESH_MS) {
      const local = new URL(issuer).protocol === 'http:';
      try {
        const config = await oidc.discovery(
          new URL(issuer),
          client,
          {},
          secret === null ? oidc.None() : oidc.ClientSecretPost(secret),
          {
            [oidc.customFetch]: bounded,
            // Only ever on this machine itself, which the address was checked for.
            execute: [oidc.enableNonRepudiationChecks, ...(local ? [oidc.allowInsecureRequests] : [])],
          },
        );
        mustBeSafe(config.serverMetadata());
        found = { key, at: performance.now(), config };
      } catch (error) {
        found = null;
        throw failureOf(error, name);
      }
    }
    return new SsoClient(found.config, provider);
  }

  /** Where somebody signs in, and what their return has to hold. */
  async ask(redirect: string): Promise<Asked> {
    const { scopes_supported: known } = this.#config.serverMetadata();
    const wished = WISHED.filter((scope) => known === undefined || (known as string[]).includes(scope));
    // Groups are no scope of OpenID Connect: who does not list it may refuse it.
    const scope = [...new Set([...ALWAYS, ...(known ? wished : wished.slice(0, 3)), ...this.#provider.scopes])].join(
      ' ',
    );
    const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
    const url = oidc.buildAuthorizationUrl(this.#config, {
      redirect_uri: redirect,
      scope,
      ...{
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      },
      // Whoever unlocks shows that they are there: that a browser remembers somebody is not enough.
      prompt: 'login',
    });
    return { url, state, nonce, verifier };
  }

  /** What came of a sign-in. @throws SsoFailure */
  async take(url: URL, { state, nonce, verifier }: Asked): Promise<Answered> {
    try {
      const answer = await oidc.authorizationCodeGrant(this.#config, url, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      return await this.#answered(answer, answer.claims()!, null);
    } catch (error) {
      throw failureOf(error, this.#name);
    }
  }

  /**
   * Asks whether somebody still counts. `claims` is null where the provider only says that they do.
   * @throws SsoFailure `refused` when they do not
   */
  async again(
    subject: string,
    tokens: Tokens,
  ): Promise<{ claims: Claims | null; tokens: Tokens } | 'nothing to ask with'> {
    try {
      if (tokens.refresh !== null) {
        const answer = await oidc.refreshTokenGrant(this.#config, tokens.refresh);
        const said = answer.claims();
        if (said !== undefined && said.sub !== subject)
          throw new SsoFailure('refused', `${this.#name} speaks of somebody else now.`);
        return await this.#answered(answer, said ?? { sub: subject }, tokens.refresh);
      }
      const { access, accessUntil } = tokens;
      const { userinfo_endpoint: about } = this.#config.serverMetadata();
      if (access === null || about === undefined || (accessUntil !== null && accessUntil <= Date.now()))
        return 'nothing to ask with';
      return { claims: await oidc.fetchUserInfo(this.#config, access, subject), tokens };
    } catch (error) {
      throw failureOf(error, this.#name);
    }
  }

  async #answered(
    answer: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers,
    said: Claims & { sub: string },
    before: string | null,
  ): Promise<Answered> {
    const { access_token: access, refresh_token: refresh } = answer;
    const { userinfo_endpoint: about } = this.#config.serverMetadata();
    const more = about === undefined ? {} : await oidc.fetchUserInfo(this.#config, access, said.sub);
    const seconds = answer.expiresIn();
    return {
      claims: { ...said, ...more, sub: said.sub },
      tokens: {
        refresh: refresh ?? before,
        access,
        accessUntil: seconds === undefined ? null : Date.now() + seconds * 1000,
      },
    };
  }
}

const bounded: oidc.CustomFetch = (url, options) => fetchWhole(url, options, LIMITS);

/** @throws SsoFailure when the provider names an address that nothing may be sent to */
function mustBeSafe({ authorization_endpoint: where, token_endpoint: token }: oidc.ServerMetadata): void {
  for (const url of [where, token])
    if (url === undefined || !URL.canParse(url) || !isSafe(new URL(url)))
      throw new SsoFailure('config', 'The provider names no safe address to sign in at.');
}

/** What a claim of a token that was refused means. */
const CLAIMS: Record<string, string> = {
  aud: 'its token was made for another program',
  iss: 'its token comes from another issuer',
  nonce: 'its token answers another sign-in',
  exp: 'its token has expired; is the clock of this machine right?',
  nbf: 'its token is not valid yet; is the clock of this machine right?',
  iat: 'its token was made in the future; is the clock of this machine right?',
  sub: 'it speaks of two people at once',
};

/** An error of the library as ours. */
function failureOf(error: unknown, name: string): SsoFailure {
  if (error instanceof SsoFailure) return error;
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at instanceof SourceFailure)
      return new SsoFailure('unreachable', `${name} does not answer: ${at.message}`, { cause: error });
    if (at instanceof oidc.AuthorizationResponseError)
      return new SsoFailure('refused', `${name} refused: ${words(at.error, at.error_description)}`, { cause: error });
    if (at instanceof oidc.ResponseBodyError) {
      const kind = at.error === 'invalid_grant' ? 'refused' : at.status >= 500 ? 'unreachable' : 'config';
      return new SsoFailure(kind, `${name} refused: ${words(at.error, at.error_description)}`, { cause: error });
    }
    if (at instanceof oidc.WWWAuthenticateChallengeError)
      return new SsoFailure(
        at.status >= 500 ? 'unreachable' : 'refused',
        `${name} does not take what it gave out any more (${at.status}).`,
        { cause: error },
      );
    const { code, cause } = at as { code?: unknown; cause?: unknown };
    if (code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' || code === 'OAUTH_RESPONSE_IS_NOT_JSON') {
      const status = cause instanceof Response ? ` (${cause.status})` : '';
      return new SsoFailure('unreachable', `${name} does not answer as a provider of single sign-on does${status}.`, {
        cause: error,
      });
    }
    const claim = claimOf(at);
    if (claim !== null)
      return new SsoFailure('unbelievable', `What ${name} said is not taken: ${CLAIMS[claim] ?? at.message}.`, {
        cause: error,
      });
  }
  const deepest = deepestOf(error);
  return new SsoFailure('unbelievable', `What ${name} said is not taken: ${deepest}.`, { cause: error });
}

function claimOf(error: Error): string | null {
  const { cause } = error;
  const claim =
    typeof cause === 'object' && cause !== null
      ? ((cause as { claim?: unknown }).claim ?? (cause as { attribute?: unknown }).attribute)
      : undefined;
  return typeof claim === 'string' ? claim : null;
}

function deepestOf(error: unknown): string {
  let message = String(error);
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++)
    message = at.message;
  return plain(message);
}

const plain = (text: string): string =>
  text
    .replace(/[^\x20-\x7e]/g, ' ')
    .trim()
    .slice(0, 300);

function words(code: string, description: string | undefined): string {
  const said = plain(description ?? '').replace(/\.$/, '');
  const meant = { access_denied: 'the sign-in was not allowed', invalid_grant: 'it was withdrawn or has expired' }[
    code
  ];
  return `${meant ?? plain(code)}${said === '' || said.includes(code) ? '' : ` (${said})`}.`;
}
