/** Giving out a code. */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Invited } from '../../../shared/contract/consoles.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import type { Parsed } from '../../../shared/contract/table.ts';
import { formatWhen } from '../../../shared/domain/times.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { rawKey } from '../access/identity.ts';
import type { Context } from '../context.ts';
import { SourceFailure } from '../sources/source.ts';
import { storageRefusal } from '../store/failure.ts';
import { HUB_CREDENTIAL, hubAudience, type HubConfig } from '../sync/config.ts';
import { invitationOf, writeCode, type JoinFile } from './code.ts';
import { fingerprint } from './join.ts';
import { consoleName, ownOrganisation } from './membership.ts';

const HOUR = 3600_000;
const MINUTE = 60_000;

/** @throws Refusal in one sentence */
export async function invite(context: Context, input: Parsed<'console.invite'>): Promise<Invited> {
  const { store, sync, identity } = context;
  const organisation = ownOrganisation(context);
  const { config } = sync;
  if (input.withCredential && input.file === undefined)
    throw new Refusal('bad_input', 'withCredential: a credential only goes into a file; name one with --file.');
  const certificate = config?.ca ? readCertificate(config.ca) : null;
  const credential = input.withCredential ? await credentialOf(context, config) : null;
  const secret = randomBytes(16);
  const { invite, key } = invitationOf(secret);
  // Whole minutes, as the code has them.
  const expires = Math.ceil((context.now() + input.hours * HOUR) / MINUTE) * MINUTE;
  const name = consoleName(store, store.console);
  const code = writeCode({
    organisation: organisation.id,
    key: rawKey(identity.publicKey),
    name: name === store.console ? '' : name,
    secret,
    expires,
    hub: config?.url ?? '',
    domain: config && config.domain !== 'hub' ? config.domain : null,
    edge: config?.edge ?? null,
    certificate: certificate === null ? null : fingerprint(certificate),
  });
  if (input.file !== undefined) {
    const about = `With this file one console can ask to join ${organisation.name} (${organisation.id}) until ${formatWhen(expires, context.zone, context.now())}. Open it in Holdfast under Link, Join.${input.withCredential ? ' It holds a secret for the hub: do not leave it lying about.' : ''}`;
    writeFile(input.file, {
      ...{ holdfast: 'join', format: 1, about, code },
      ...(config?.user ? { user: config.user } : {}),
      ...(credential === null ? {} : { credential }),
      ...(certificate === null ? {} : { certificate }),
    });
  }
  const invited = {
    ...{ invite, expires, hub: config?.url ?? null },
    file: input.file ?? null,
    withCredential: credential !== null,
  };
  const kept = context.commit((tx): Invited => {
    tx.append({
      scope: ESTATE,
      type: 'console.invite',
      payload: { invite, key, expires, ...(input.note ? { note: input.note } : {}) },
    });
    // What is remembered for who asks again is in the database; the code must not be.
    return { ...invited, code: '' };
  });
  return { ...kept, code };
}

function readCertificate(file: string): string {
  try {
    const pem = readFileSync(file, 'utf8');
    if (fingerprint(pem)) return pem;
  } catch (cause) {
    throw new Refusal('refused', `The hub's certificate file ${file} can't be read.`, { cause });
  }
  throw new Refusal('refused', `The hub's certificate file ${file} holds no certificate.`);
}

async function credentialOf({ sources }: Context, config: HubConfig | null): Promise<string> {
  let secret: string | null = null;
  try {
    if (config) secret = await sources.credentials.get(HUB_CREDENTIAL, hubAudience(config));
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error;
    throw new Refusal('refused', error.message.replace(/^Its credential/, "The hub's credential"), { cause: error });
  }
  if (secret === null) throw new Refusal('refused', 'withCredential: this console has no credential for a hub.');
  return secret;
}

function writeFile(file: string, content: JoinFile): void {
  try {
    writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new Refusal('refused', `file: ${file} is there already; name another.`, { cause: error });
    throw storageRefusal(error) ?? new Refusal('bad_input', `file: ${file} can't be written.`, { cause: error });
  }
}
