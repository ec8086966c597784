/**
 * Reading from servers that may be slow, broken or hostile. Invariant: an answer is taken whole or not at all, is never
 * larger than the limit, and whatever is wrong with it becomes one sentence that names the host.
 */
import { z } from 'zod';
import { SourceFailure, type Http, type HttpRequest } from './source.ts';

/** Ports that `fetch` sends nothing to. Source: Fetch Standard, "bad port". */
const BARRED_PORTS: ReadonlySet<number> = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
  6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

/** An http(s) address without a credential in it and without query or fragment, no slash at the end. */
export const BaseUrl = z
  .string()
  .trim()
  .max(2000)
  .transform((text, context) => {
    const refuse = (message: string) => {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    };
    let url: URL;
    try {
      url = new URL(text);
    } catch {
      return refuse(`"${text.slice(0, 80)}" is no address; write it like http://prometheus.example:9090`);
    }
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      return refuse(`an address begins with http:// or https://, not ${url.protocol}`);
    if (url.username !== '' || url.password !== '')
      return refuse('an address holds no user or password; they belong in the credential');
    if (url.search !== '' || url.hash !== '') return refuse('an address has no ? or # part');
    if (BARRED_PORTS.has(Number(url.port)))
      return refuse(`port ${url.port} is one of those that no request is sent to (it belongs to another protocol)`);
    return url.href.replace(/\/+$/, '');
  });

/** The headers for a credential: `user:password` is Basic, `Bearer …` and `Basic …` stand as they are, all else is a bearer token. */
export function authorization(credential: string | null): Record<string, string> {
  const secret = credential?.trim() ?? '';
  if (secret === '') return {};
  if (/[^\x20-\x7e]/.test(secret))
    throw new SourceFailure('The credential holds a line break or a letter that no header can carry.');
  if (/^(Bearer|Basic) \S/i.test(secret)) return { authorization: secret };
  if (secret.includes(':')) return { authorization: `Basic ${Buffer.from(secret).toString('base64')}` };
  return { authorization: `Bearer ${secret}` };
}

const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

export interface HttpLimits {
  /** Largest answer, bytes after decompression. */
  maxBytes: number;
}

export function createHttp({ maxBytes }: HttpLimits = { maxBytes: 32 * 1024 * 1024 }): Http {
  return {
    async json(request) {
      const host = hostOf(request.url);
      const response = await open(request, host);
      const text = await readAll(response, request.signal, host, maxBytes);
      if (!response.ok) throw refusal(response, text, host);
      return parse(text, response, host);
    },
  };
}

async function open(request: HttpRequest, host: string): Promise<Response> {
  try {
    return await trusting(request.signal, () => send(request, 'follow'));
  } catch (error) {
    throw failed(error, request.signal, host);
  }
}

/** Once more with the authorities that this machine trusts, when a certificate was refused: then nothing was sent yet. */
async function trusting<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!signal.aborted && UNTRUSTED.has(codeOf(error) ?? '') && (await trustThisMachine())) return work();
    throw error;
  }
}

function send(
  { url, method = 'GET', headers, body, signal }: Exchange,
  redirect: 'follow' | 'manual',
): Promise<Response> {
  return fetch(url, {
    method,
    headers: { accept: 'application/json', 'user-agent': 'holdfast', ...headers },
    body: body ?? null,
    signal,
    redirect,
    cache: 'no-store',
  });
}

/**
 * As `fetch`, with what this machine trusts, and the whole answer read: none larger than `maxBytes`, no redirect followed.
 * @throws SourceFailure
 */
export async function fetchWhole(
  url: string,
  init: { method?: string; headers?: Record<string, string>; body?: unknown },
  { maxBytes, limitMs }: HttpLimits & { limitMs: number },
): Promise<Response> {
  const host = hostOf(url);
  const limit = new AbortController();
  const timer = setTimeout(
    () => limit.abort(new SourceFailure(`${host} did not answer within ${limitMs / 1000} s.`)),
    limitMs,
  );
  const { signal } = limit;
  try {
    const response = await trusting(signal, () =>
      fetch(url, { ...(init as RequestInit), redirect: 'manual', cache: 'no-store', signal }),
    );
    const text = await readAll(response, signal, host, maxBytes);
    const { status, statusText, headers } = response;
    return new Response(status === 204 || status === 304 ? null : text, { status, statusText, headers });
  } catch (error) {
    throw error instanceof SourceFailure ? error : failed(error, signal, host);
  } finally {
    clearTimeout(timer);
  }
}

export interface Exchange extends Omit<HttpRequest, 'method'> {
  method?: string;
}

export type Answer =
  | {
      answered: true;
      status: number;
      /** The first part of the body. */
      body: string;
      /** What came of the body, bytes; at least so much when `cut`. */
      bytes: number;
      /** The body was larger than what is read, or broke off. */
      cut: boolean;
      /** Where a redirect leads, which is never followed. */
      location: string | null;
    }
  | {
      answered: false;
      /** False only when it is sure that the request never left this machine. */
      sent: boolean;
      message: string;
    };

/** Failures of the connection before a request could be sent over it. */
const BEFORE = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  ...UNTRUSTED,
]);

/**
 * Sends one request once, on a connection of its own, and follows no redirect. Says when the answer was lost: whoever sent
 * something that changes the world has to know whether it may have arrived. `keep`: bytes of the body that are kept;
 * `most`: bytes after which the rest is not read.
 */
export async function exchange(request: Exchange, { keep, most }: { keep: number; most: number }): Promise<Answer> {
  const host = hostOf(request.url);
  const { signal } = request;
  let response: Response;
  try {
    const headers = { ...request.headers, connection: 'close' };
    response = await trusting(signal, () => send({ ...request, headers }, 'manual'));
  } catch (error) {
    const sent = signal.aborted || !(BEFORE.has(codeOf(error) ?? '') || isBarred(error));
    return { answered: false, sent, message: failed(error, signal, host).message };
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let kept = 0;
  let cut = false;
  try {
    for await (const chunk of response.body ?? []) {
      if (kept < keep) {
        chunks.push(chunk.subarray(0, keep - kept));
        kept += chunk.byteLength;
      }
      bytes += chunk.byteLength;
      if (bytes <= most) continue;
      cut = true;
      break;
    }
  } catch {
    cut = true;
  }
  return {
    answered: true,
    status: response.status,
    body: new TextDecoder().decode(Buffer.concat(chunks)),
    bytes,
    cut,
    location: response.headers.get('location'),
  };
}

let trusted = false;

/**
 * Trusts the authorities that this machine trusts, such as a company's own, besides those that Node brings. Reading them
 * takes a good part of a second, so it is done when a certificate was refused for want of them. False when that was done
 * before or can't be done here.
 */
export async function trustThisMachine(): Promise<boolean> {
  const tls = await import('node:tls');
  if (trusted || typeof tls.setDefaultCACertificates !== 'function') return false;
  trusted = true;
  try {
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), ...tls.getCACertificates('system')]);
    return true;
  } catch {
    return false;
  }
}

async function readAll(response: Response, signal: AbortSignal, host: string, maxBytes: number): Promise<string> {
  const announced = Number(response.headers.get('content-length'));
  if (announced > maxBytes) {
    await response.body?.cancel().catch(() => {});
    throw tooLarge(host, maxBytes);
  }
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of response.body) {
      length += chunk.byteLength;
      if (length > maxBytes) throw tooLarge(host, maxBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof SourceFailure ? error : failed(error, signal, host);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function tooLarge(host: string, maxBytes: number): SourceFailure {
  return new SourceFailure(
    `The answer of ${host} is larger than ${Math.round(maxBytes / 1024 / 1024)} MiB; it was not read.`,
    { tooLarge: true },
  );
}

function parse(text: string, response: Response, host: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const status = response.status;
    if (/^\s*</.test(text) || /html/i.test(response.headers.get('content-type') ?? '')) {
      throw new SourceFailure(
        `${host} answered with a web page instead of data; a proxy or a sign-in page may stand before it.`,
        { cause, status },
      );
    }
    if (text.trim() === '') throw new SourceFailure(`${host} answered with nothing.`, { cause, status });
    throw new SourceFailure(
      `${host} answered with something that is not whole JSON (${text.length} characters, they end in "${tail(text)}").`,
      { cause, status },
    );
  }
}

function tail(text: string): string {
  return text.trimEnd().slice(-20).replace(/\s+/g, ' ');
}

const STATUS: Record<number, string> = {
  400: 'did not understand the request',
  401: 'wants a credential, or does not take this one',
  403: 'does not allow this credential to read',
  404: 'has nothing at this address; is a path missing or too much?',
  405: 'does not take this kind of request; is it the right kind of server?',
  407: 'is behind a proxy that wants a credential',
  408: 'gave up waiting',
  422: 'could not carry out the request',
  429: 'asks to be left alone for a while: too many requests',
  500: 'has an internal error',
  502: 'is not reached by the proxy before it',
  503: 'is not ready to serve',
  504: 'does not answer the proxy before it',
};

function refusal(response: Response, text: string, host: string): SourceFailure {
  const { status } = response;
  const said = detailOf(text);
  const what = STATUS[status] ?? 'refused the request';
  const after = response.headers.get('retry-after');
  return new SourceFailure(`${host} ${what} (${status})${said === null ? '' : `: ${said}`}.`.replace(/\.\.$/, '.'), {
    status,
    detail: said,
    retryAfterMs: after !== null && /^\d+$/.test(after) ? Number(after) * 1000 : null,
  });
}

/** The reason in a JSON body such as Prometheus' and Alertmanager's, or a short plain text; null for a web page. */
function detailOf(text: string): string | null {
  const short = (value: string) => value.replace(/\s+/g, ' ').trim().slice(0, 300) || null;
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'string') return short(body);
    if (typeof body === 'object' && body !== null) {
      for (const key of ['error', 'message', 'error_description']) {
        const value = (body as Record<string, unknown>)[key];
        if (typeof value === 'string') return short(value);
      }
    }
    return null;
  } catch {
    return text.length <= 300 && !/[<>]/.test(text) ? short(text) : null;
  }
}

const CODES: Record<string, string> = {
  ECONNREFUSED: 'refuses the connection; nothing listens there',
  ECONNRESET: 'broke the connection off',
  EPIPE: 'broke the connection off',
  UND_ERR_SOCKET: 'broke the connection off',
  UND_ERR_CONNECT_TIMEOUT: 'does not take a connection',
  UND_ERR_HEADERS_OVERFLOW: 'answered with headers that are too large',
  ETIMEDOUT: 'does not take a connection',
  EHOSTUNREACH: "can't be reached from here",
  ENETUNREACH: "can't be reached: there is no network",
  ENOTFOUND: 'is a name that nobody knows',
  EAI_AGAIN: "can't be looked up: no name server answers",
  DEPTH_ZERO_SELF_SIGNED_CERT: 'shows a certificate that it signed itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'shows a certificate of an authority that this machine does not trust',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'shows a certificate of an authority that this machine does not trust',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'shows a certificate of an authority that this machine does not trust',
  CERT_HAS_EXPIRED: 'shows a certificate that has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'shows a certificate for another name',
};

function failed(error: unknown, signal: AbortSignal, host: string): SourceFailure {
  if (signal.aborted) {
    const { reason } = signal as { reason: unknown };
    return reason instanceof SourceFailure
      ? reason
      : new SourceFailure(`The request to ${host} was broken off.`, { cause: error });
  }
  const code = codeOf(error);
  const known = code === null ? undefined : CODES[code];
  if (known) return new SourceFailure(`${host} ${known}.`, { cause: error });
  if (isBarred(error))
    return new SourceFailure(`${host} is at a port that no web request goes to; use another one.`, { cause: error });
  const { cause } = error instanceof Error ? error : { cause: undefined };
  if (cause instanceof Error && cause.name === 'HTTPParserError')
    return new SourceFailure(`${host} does not speak HTTP.`, { cause: error });
  if (code?.startsWith('ERR_SSL') || code === 'EPROTO')
    return new SourceFailure(`${host} does not speak TLS; is it http:// instead of https://?`, { cause: error });
  const said = (cause instanceof Error && cause.message) || (error instanceof Error ? error.message : String(error));
  return new SourceFailure(`${host} can't be read: ${said}.`, { cause: error });
}

/** Whether the port is one that web requests never go to, such as that of a mail server. */
function isBarred(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof Error && error.cause.message === 'bad port';
}

/** The first system error code in a chain of causes. */
function codeOf(error: unknown): string | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'string' && code !== 'ABORT_ERR') return code;
    if (at instanceof AggregateError) {
      const inner = at.errors.map(codeOf).find((found) => found !== null);
      if (inner) return inner;
    }
  }
  return null;
}

export function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url.slice(0, 80);
  }
}
