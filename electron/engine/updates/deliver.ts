/**
 * Delivering an update to the address that this console has for its audience. Invariants: it goes only when a person says so at
 * that moment, never by itself later; its id goes with it, so that a receiver can refuse it twice; the public's address gets public words only.
 */
import { z } from 'zod';
import { Refusal } from '../../../shared/contract/spec.ts';
import type { Audience } from '../../../shared/domain/words.ts';
import type { Context } from '../context.ts';
import { audienceOf } from '../sources/credentials.ts';
import { authorization, BaseUrl, createHttp, hostOf } from '../sources/http.ts';
import { SourceFailure } from '../sources/source.ts';

const META = 'update-endpoints';
const TIMEOUT_MS = 10_000;
const Kept = z.record(z.string(), z.string());

/** The name under which the credential is kept, which no source can have. */
const credentialOf = (audience: Audience): string => `update:${audience}`;

function endpoints({ store }: Context): Record<string, string> {
  const text = store.meta(META);
  if (text === null) return {};
  try {
    return Kept.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

/** Host that updates of an audience are delivered to; null when nowhere. */
export function endpointHost(context: Context, audience: Audience): string | null {
  const url = endpoints(context)[audience];
  return url === undefined ? null : hostOf(url);
}

/** @throws Refusal `bad_input` when the address is none or nobody may see what goes there */
export async function setEndpoint(
  context: Context,
  audience: Audience,
  url: string | null,
  credential: string | null | undefined,
): Promise<void> {
  if (!context.store.writable) throw new Refusal('storage', 'The data folder is read-only: nothing can be saved.');
  const all = endpoints(context);
  if (url === null) {
    delete all[audience];
    await context.sources.credentials.set(credentialOf(audience), null, '');
  } else {
    const parsed = BaseUrl.safeParse(url);
    if (!parsed.success) throw new Refusal('bad_input', `url: ${parsed.error.issues[0]!.message}.`);
    if (credential !== undefined) {
      try {
        authorization(credential);
      } catch (error) {
        throw new Refusal('bad_input', `credential: ${error instanceof Error ? error.message : String(error)}`);
      }
      await context.sources.credentials.set(credentialOf(audience), credential, audienceOf({ url: parsed.data }));
    }
    all[audience] = parsed.data;
  }
  context.store.setMeta(META, JSON.stringify(all));
  context.changed(['incidents']);
}

export interface Parcel {
  id: string;
  audience: Audience;
  /** INC-0042. */
  incident: string;
  text: string;
  sentAt: number;
  nextAt: number | null;
}

/** Sends it; whether it was taken, with a sentence. Never throws for what the network or the receiver does. */
export async function deliver(context: Context, parcel: Parcel): Promise<{ delivered: boolean; message: string }> {
  const url = endpoints(context)[parcel.audience];
  if (url === undefined)
    throw new Refusal(
      'refused',
      `This console has no address for ${parcel.audience}; give it one with \`update endpoint\`, or copy the text.`,
    );
  const { incident, ...open } = parcel;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const secret = await context.sources.credentials.get(credentialOf(parcel.audience), audienceOf({ url }));
    await createHttp({ maxBytes: 1024 * 1024 }).json({
      url,
      method: 'POST',
      headers: { ...authorization(secret), 'content-type': 'application/json', 'idempotency-key': parcel.id },
      body: JSON.stringify(parcel.audience === 'public-status' ? open : { ...open, incident }),
      signal,
    });
    return { delivered: true, message: `${hostOf(url)} took it.` };
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error;
    // Receivers need not answer with JSON: what counts is that they took it.
    const { status } = error;
    if (status !== null && status !== undefined && status >= 200 && status < 300)
      return { delivered: true, message: `${hostOf(url)} took it.` };
    return {
      delivered: false,
      message: signal.aborted
        ? `${hostOf(url)} did not answer within ${TIMEOUT_MS / 1000} s; it may have taken it.`
        : error.message,
    };
  }
}
