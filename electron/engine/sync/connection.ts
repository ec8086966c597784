/**
 * The connection to a nats-server, by TCP or websocket, with or without TLS. Invariant: what is wrong comes back as a
 * TransportFailure with one sentence that says what helps; a certificate that is not good ends the attempt before anything
 * of ours is sent; the client never reconnects by itself, so that there is one place (`link.ts`) that says whether the link stands.
 */
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import {
  connect,
  errors,
  jwtAuthenticator,
  nkeyAuthenticator,
  nkeys,
  usernamePasswordAuthenticator,
  wsconnect,
  type Authenticator,
  type ConnectionOptions,
  type NatsConnection,
} from '@nats-io/transport-node';
import { trustThisMachine } from '../sources/http.ts';
import { addressesOf, type HubConfig } from './config.ts';
import { TransportFailure } from './transport.ts';

const CONNECT_MS = 5000;

/** A connection to a server, which may know several places: its own, and others behind it. */
export async function connectHub(
  config: HubConfig,
  secret: string | null,
  signal: AbortSignal,
): Promise<NatsConnection> {
  const options: ConnectionOptions = {
    name: 'holdfast',
    reconnect: false,
    ignoreClusterUpdates: true,
    timeout: CONNECT_MS,
    pingInterval: 10_000,
    maxPingOut: 2,
    ...(secret === null ? {} : { authenticator: authenticatorOf(config, secret) }),
  };
  const ca = authorityOf(config);
  let failure: TransportFailure | null = null;
  for (const address of shuffled(addressesOf(config.url))) {
    if (signal.aborted) break;
    try {
      const connection = await connectTo(address, options, ca);
      keepErrors(connection);
      if (!signal.aborted) return connection;
      await connection.close();
    } catch (error) {
      const one = failureOf(error, `${address} cannot be reached`);
      // What a person can do something about goes before a server that is only away.
      if (failure === null || failure.kind === 'unreachable') failure = one;
    }
  }
  throw signal.aborted || failure === null ? new TransportFailure('closed', 'The link was closed.') : failure;
}

/** So that the consoles of one cluster do not all hang on its first server. */
function shuffled(addresses: readonly string[]): string[] {
  return addresses
    .map((address) => [Math.random(), address] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, address]) => address);
}

async function connectTo(address: string, options: ConnectionOptions, ca: string | null): Promise<NatsConnection> {
  const web = /^wss?:/.test(address);
  const open = () => amongItsKind(web, () => (web ? overWeb : overTcp)(address, options, ca));
  try {
    return await open();
  } catch (error) {
    // An authority that only this machine knows, such as a company's own: reading those takes long, so not at first.
    if (ca === null && UNKNOWN_AUTHORITY.has(codeOf(error)) && (await trustThisMachine())) return open();
    throw error;
  }
}

const opening = { web: false, count: 0, last: Promise.resolve() as Promise<unknown> };

/** The client remembers for the whole process how connections are made: by websocket, or not. One kind at a time, then. */
async function amongItsKind<T>(web: boolean, work: () => Promise<T>): Promise<T> {
  while (opening.count > 0 && opening.web !== web) await opening.last;
  opening.web = web;
  opening.count++;
  const done = work().finally(() => opening.count--);
  opening.last = Promise.allSettled([opening.last, done]);
  return done;
}

function overTcp(address: string, options: ConnectionOptions, ca: string | null): Promise<NatsConnection> {
  const secured = ca !== null || address.startsWith('tls:');
  const host = new URL(address.replace(/^\w+:/, 'https:')).hostname.replace(/^\[|\]$/g, '');
  const tls = {
    // The client leaves the name out for an IP address, and Node would then take a certificate for "localhost".
    checkServerIdentity: (_: string, shown: PeerCertificate) => checkServerIdentity(host, shown),
    ...(ca === null ? {} : { ca }),
  };
  return connect({ ...options, servers: [address], ...(secured ? { tls } : {}) } as Parameters<typeof connect>[0]);
}

/** Node's own WebSocket takes no authority. */
async function overWeb(address: string, options: ConnectionOptions, ca: string | null): Promise<NatsConnection> {
  const { WebSocket: Web } = await import('ws');
  let failed: Error | null = null;
  const wsFactory = async (url: string) => {
    const socket = new Web(url, {
      handshakeTimeout: CONNECT_MS,
      perMessageDeflate: false,
      ...(ca === null ? {} : { ca }),
    });
    // The client takes its listeners off before the socket is done failing, and keeps of an error only the words.
    socket.on('error', (error) => (failed = error));
    return { socket: socket as unknown as WebSocket, encrypted: url.startsWith('wss:') };
  };
  return wsconnect({ ...options, servers: [address], wsFactory } as Parameters<typeof wsconnect>[0]).catch(
    (error: unknown) => {
      throw failed ?? error;
    },
  );
}

/**
 * The client takes all listeners off a socket that the server ended while a write may still fail on it, and that failure,
 * heard by nobody, would end the process: one listener has to stay.
 */
function keepErrors(connection: NatsConnection): void {
  const { socket } = (connection as unknown as { protocol: { transport: { socket?: unknown } } }).protocol.transport;
  if (!(socket instanceof Socket)) return;
  const removeAll = socket.removeAllListeners.bind(socket);
  socket.removeAllListeners = (event) => removeAll(event).on('error', () => undefined);
}

function authenticatorOf({ user }: HubConfig, secret: string): Authenticator {
  const problem = secretProblem(secret, user);
  if (problem !== null) throw new TransportFailure('refused', problem);
  const { jwt, seed } = keysIn(secret);
  if (seed === null) return usernamePasswordAuthenticator(user!, secret);
  const key = new TextEncoder().encode(seed);
  return jwt === null ? nkeyAuthenticator(key) : jwtAuthenticator(jwt, key);
}

/** What a seed or the content of a .creds file holds, wherever it was copied through; a password holds neither. */
function keysIn(secret: string): { jwt: string | null; seed: string | null } {
  const text = secret.trim();
  if (!text.includes('NATS USER JWT')) return { jwt: null, seed: /^SU[A-Z2-7]{56}$/.test(text) ? text : null };
  const line = (pattern: RegExp) => pattern.exec(text)?.[1] ?? '';
  return { jwt: line(/^\s*([\w-]+\.[\w-]+\.[\w-]+)\s*$/m), seed: line(/^\s*(SU[A-Z2-7]{56})\s*$/m) };
}

/** Why nobody can be let in with this, in one sentence; null when it may be good. */
export function secretProblem(secret: string, user: string | null): string | null {
  const { jwt, seed } = keysIn(secret);
  if (jwt === '' || seed === '')
    return 'The credential is no whole .creds file: copy all of it, from the first line of dashes to the last.';
  if (seed !== null) {
    try {
      nkeys.fromSeed(new TextEncoder().encode(seed));
      return null;
    } catch {
      return 'The credential is no NKEY seed: a letter of it is wrong; copy it again.';
    }
  }
  if (user === null || user === '')
    return 'The credential is no NKEY seed and no .creds file; a password needs the user whose it is.';
  return null;
}

function authorityOf({ ca }: HubConfig): string | null {
  if (ca === null) return null;
  let text: string;
  try {
    text = readFileSync(ca, 'utf8');
  } catch (cause) {
    throw new TransportFailure('setup', `The certificate file ${ca} can't be read.`, { cause });
  }
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new TransportFailure('setup', `${ca} holds no certificate; a PEM file has a line -----BEGIN CERTIFICATE-----.`);
}

/** Codes of a certificate whose authority is not known here. */
const UNKNOWN_AUTHORITY = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_GET_ISSUER_CERT',
]);

/** The code of an error, or of what caused it; empty when there is none. */
function codeOf(error: unknown): string {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    const { code } = each as { code?: unknown };
    if (typeof code === 'string') return code;
  }
  return '';
}

/** The names that a refused certificate is for, as it writes them. */
function namesOf(error: unknown): string {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    const { cert } = each as { cert?: Partial<PeerCertificate> };
    if (typeof cert?.subjectaltname === 'string') return cert.subjectaltname;
  }
  return '';
}

/** What is wrong with a server's certificate, and what helps; null when it is something else. */
function certificateWords(code: string, said: string, names: string): string | null {
  if (code === 'CERT_HAS_EXPIRED' || /certificate has expired/i.test(said))
    return 'its certificate has expired; whoever runs the hub has to renew it';
  if (code === 'CERT_NOT_YET_VALID' || /certificate is not yet valid/i.test(said))
    return "its certificate does not count yet; look whether this machine's clock is right";
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || /altnames?/i.test(said)) {
    const named = /DNS:([^,\s]+)/.exec(names)?.[1];
    return `its certificate is for another name; write the address ${named ? `with ${named}, as it says there` : 'as the certificate says'}`;
  }
  if (UNKNOWN_AUTHORITY.has(code) || /self-signed|self signed|unable to (verify|get)/i.test(said))
    return 'its certificate is not signed by whom this console trusts; name the file with the certificate of who signed it';
  return /certificate/i.test(said) ? `its certificate is not good (${said.trim()})` : null;
}

/** @param what the sentence's beginning; what the server said follows it */
export function failureOf(error: unknown, what: string): TransportFailure {
  if (error instanceof TransportFailure) return error;
  const options = { cause: error };
  const message = (error as Error).message ?? String(error);
  const cause = (error as Error).cause instanceof Error ? ((error as Error).cause as Error) : null;
  const said = `${message} ${cause?.message ?? ''}`;
  const certificate = certificateWords(codeOf(error), said, namesOf(error));
  if (certificate !== null) return new TransportFailure('setup', `${what}: ${certificate}.`, options);
  if (
    error instanceof errors.UserAuthenticationExpiredError ||
    (/expired/i.test(said) && /auth|credential|jwt/i.test(said))
  )
    return new TransportFailure(
      'refused',
      "The hub says that this console's credentials have expired: enter new ones in Settings, Hub.",
      options,
    );
  if (error instanceof errors.AuthorizationError || /authoriz|authentic/i.test(said))
    return new TransportFailure(
      'refused',
      "The hub refuses this console's credentials: enter them again in Settings, Hub.",
      options,
    );
  if (error instanceof errors.PermissionViolationError || /permissions? violation/i.test(said))
    return new TransportFailure('refused', `${what}: the hub does not let this console do so (${message}).`, options);
  if (/maximum (bytes|messages)|insufficient (storage|resources)|resource limits|no space/i.test(said))
    return new TransportFailure(
      'full',
      `${what}: its stream is full. Nothing is lost; ops wait here until it has room.`,
      options,
    );
  if (/jetstream.*not enabled|not enabled for account/i.test(said))
    return new TransportFailure('setup', `${what}: JetStream is switched off on that server.`, options);
  return new TransportFailure(
    'unreachable',
    `${what}: ${message.toLowerCase() === 'timeout' ? 'it did not answer in time' : message}.`,
    options,
  );
}
