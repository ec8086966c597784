/**
 * Where this console sends the requests of actions. Invariant: an endpoint is this console's own and never in the log; its
 * credential is kept as those of sources are, is given out only for the address that it was entered for, and no answer
 * shows it.
 */
import { connect, isIP } from 'node:net';
import { z } from 'zod';
import type { EndpointView } from '../../../shared/contract/actions.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import type { TestReport } from '../../../shared/contract/sources.ts';
import type { Context } from '../context.ts';
import { nearest } from '../../../shared/domain/nearest.ts';
import { audienceOf } from '../sources/credentials.ts';
import { authorization, BaseUrl, hostOf } from '../sources/http.ts';
import { SourceFailure } from '../sources/source.ts';
import { liveOf } from './live.ts';

const META = 'endpoints';

const Kept = z.object({ url: z.string(), title: z.string().default(''), unencrypted: z.boolean().default(false) });
const All = z.record(z.string(), Kept);
export type Endpoint = z.infer<typeof Kept> & { id: string };

/** Most endpoints of one console. */
const MOST = 200;
const CONNECT_MS = 5_000;

/** The name under which an endpoint's credential is kept, which no source can have. */
const credentialName = (id: string) => `endpoint:${id}`;

export function endpoints(context: Context): Map<string, Endpoint> {
  const text = context.store.meta(META);
  if (text === null) return new Map();
  try {
    return new Map(Object.entries(All.parse(JSON.parse(text))).map(([id, kept]) => [id, { id, ...kept }]));
  } catch {
    throw new Refusal('internal', 'What this console kept of its endpoints is damaged; remove and add them again.');
  }
}

/** @throws Refusal `not_found`, naming what comes nearest */
export function endpointOf(context: Context, id: string): Endpoint {
  const all = endpoints(context);
  const found = all.get(id);
  if (found) return found;
  const near = nearest(id, [...all.keys()]);
  throw new Refusal(
    'not_found',
    `This console has no endpoint "${id.slice(0, 80)}".${near ? ` Did you mean "${near}"?` : ' Add it in the settings, or with `endpoint add`.'}`,
  );
}

function keep(context: Context, all: ReadonlyMap<string, Endpoint>): void {
  context.store.setMeta(
    META,
    JSON.stringify(Object.fromEntries([...all].map(([id, { id: _id, ...kept }]) => [id, kept]))),
  );
  context.changed(['endpoints', 'incidents']);
}

export interface EndpointInput {
  url: string;
  title: string;
  unencrypted: boolean;
}

/** Keeps an endpoint. `credential`: undefined leaves it, null forgets it. */
export async function saveEndpoint(
  context: Context,
  id: string,
  { url, title, unencrypted }: EndpointInput,
  credential: string | null | undefined,
): Promise<Endpoint> {
  if (!context.store.writable) throw new Refusal('storage', 'The data folder is read-only: nothing can be saved.');
  const parsed = BaseUrl.safeParse(url);
  if (!parsed.success) throw new Refusal('bad_input', `url: ${parsed.error.issues[0]!.message}.`);
  if (!unencrypted && parsed.data.startsWith('http:') && !isHere(parsed.data))
    throw new Refusal(
      'bad_input',
      `url: ${hostOf(parsed.data)} would get requests and the credential in plain text; use https://, or allow it with "unencrypted".`,
    );
  const all = endpoints(context);
  if (all.size >= MOST && !all.has(id)) throw new Refusal('refused', `A console has at most ${MOST} endpoints.`);
  if (credential !== undefined) {
    const secret = credential?.trim() ? credential : null;
    try {
      authorization(secret);
    } catch (error) {
      throw new Refusal('bad_input', `credential: ${error instanceof Error ? error.message : String(error)}`);
    }
    await context.sources.credentials.set(credentialName(id), secret, audienceOf({ url: parsed.data }));
  }
  const endpoint = { id, url: parsed.data, title, unencrypted };
  all.set(id, endpoint);
  liveOf(context.store).reachable.delete(id);
  keep(context, all);
  return endpoint;
}

export async function removeEndpoint(context: Context, id: string): Promise<void> {
  endpointOf(context, id);
  await context.sources.credentials.set(credentialName(id), null, '');
  const all = endpoints(context);
  all.delete(id);
  liveOf(context.store).reachable.delete(id);
  keep(context, all);
}

/** The endpoint's credential, and the header that carries it. @throws Refusal when it can't be used */
export async function secretOf(
  context: Context,
  { id, url }: Endpoint,
): Promise<{ credential: string | null; headers: Record<string, string> }> {
  try {
    const credential = await context.sources.credentials.get(credentialName(id), audienceOf({ url }));
    return { credential, headers: authorization(credential) };
  } catch (error) {
    if (error instanceof SourceFailure) throw new Refusal('refused', `The endpoint ${id}: ${error.message}`);
    throw error;
  }
}

export function endpointView(context: Context, { id, title, url, unencrypted }: Endpoint): EndpointView {
  const tried = liveOf(context.store).reachable.get(id);
  return {
    id,
    title: title || id,
    url,
    unencrypted: url.startsWith('http:') && !isHere(url) && unencrypted,
    credential: context.sources.credentials.has(credentialName(id)),
    reachable: tried?.ok ?? null,
    triedAt: tried?.at ?? null,
    message: tried?.message ?? 'Not tried since the start.',
  };
}

/** Opens a connection and closes it again: no request is sent, so nothing can happen by it. */
export async function tryEndpoint(context: Context, endpoint: Endpoint): Promise<TestReport> {
  const started = performance.now();
  const message = await reach(endpoint.url);
  const ok = message === null;
  const said = message ?? `${hostOf(endpoint.url)} takes connections.`;
  const { reachable } = liveOf(context.store);
  const before = reachable.get(endpoint.id);
  reachable.set(endpoint.id, { ok, at: context.now(), message: said });
  if (before?.ok !== ok) context.changed(['endpoints', 'incidents']);
  return { ok, message: said, ms: Math.round(performance.now() - started), seen: [] };
}

function reach(url: string): Promise<string | null> {
  const { hostname, port, protocol, host } = new URL(url);
  const to = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (protocol === 'https:' ? 443 : 80) };
  return new Promise((resolve) => {
    const socket = connect(to);
    const end = (message: string | null) => {
      socket.destroy();
      resolve(message);
    };
    socket.setTimeout(CONNECT_MS, () => end(`${host} does not take a connection within ${CONNECT_MS / 1000} s.`));
    socket.once('connect', () => end(null));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end(`${host} can't be reached (${error.code ?? error.message}).`),
    );
  });
}

/** Whether an address is this machine, where nobody reads along. */
function isHere(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
