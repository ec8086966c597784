/**
 * Joining: from a code to a request that waits at the hub, or travels as a bundle. Invariants: nothing that was invented for
 * the demonstration enters another organisation's log; the console that invites is trusted because its key is in the code,
 * and everything else because it says so.
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeView, Joining, Mine } from '../../../shared/contract/consoles.ts';
import { HubAddress, OrganisationId } from '../../../shared/contract/hub.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import type { Parsed } from '../../../shared/contract/table.ts';
import { spoken } from '../../../shared/domain/joining/spoken.ts';
import { formatWhen } from '../../../shared/domain/times.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { consoleIdOf, rawKey, signText } from '../access/identity.ts';
import { saySealingKey } from '../bundles/recipients.ts';
import type { Context } from '../context.ts';
import { HubConfig } from '../sync/config.ts';
import { beginAnew } from './anew.ts';
import { givenCode, invitationOf, signRequest, type Given, type JoinCode } from './code.ts';
import { logState, organisationOf, organisationView, rememberAsking } from './membership.ts';

/** Where the certificate lies that came with a code. */
const CA_FILE = 'hub-ca.pem';

export function codeView(context: Context, input: Parsed<'console.code'>): CodeView {
  const given = givenCode(input);
  const { code } = given;
  const inviter = consoleIdOf(code.key);
  return {
    organisation: code.organisation,
    invite: invitationOf(code.secret).invite,
    inviter: { id: inviter, name: code.name, spoken: spoken(inviter) },
    expires: code.expires,
    hub: code.hub === '' ? null : code.hub,
    credential: given.credential !== undefined,
    user: given.user ?? null,
    certificate: code.certificate?.toString('hex') ?? null,
    certificateHere: given.certificate !== undefined,
    problem: problemOf(context, code),
    // Nothing is to be decided about who comes back to where it belongs.
    log: organisationOf(context.store)?.id === code.organisation ? 'empty' : logState(context),
    ops: context.store.opCount,
  };
}

/** Why this console can't use a code, whatever it does with its own log; null when it can. */
function problemOf(context: Context, code: JoinCode): string | null {
  const { store, zone } = context;
  const now = context.now();
  if (
    !OrganisationId.safeParse(code.organisation).success ||
    (code.hub !== '' && !HubAddress.safeParse(code.hub).success)
  )
    return 'This code names no organisation or hub that could be: it is forged or from another version of Holdfast.';
  if (consoleIdOf(code.key) === store.console) return 'This code was made by this very console; it is for another one.';
  if (code.expires < now)
    return `This code expired at ${formatWhen(code.expires, zone, now)}: ask ${code.name || 'who sent it'} for a new one.`;
  const organisation = organisationOf(store);
  const { standing } = organisationView(context);
  if (organisation?.id === code.organisation && (standing === 'member' || standing === 'founder'))
    return `This console belongs to ${code.organisation} already.`;
  return null;
}

/** Decides what becomes of what is in the log already; true when it is kept aside. @throws Refusal that says what to choose */
function isAside(context: Context, mine: Mine | undefined, organisation: string | null): boolean {
  const log = logState(context);
  if (mine === 'aside') return log !== 'empty';
  if (log === 'organisation') {
    const own = organisationOf(context.store)!;
    if (own.id === organisation) return false;
    throw new Refusal(
      'refused',
      `This console belongs to ${own.name} (${own.id}), and two organisations cannot become one: use another data folder, or choose "aside" to leave it and begin with an empty log.`,
    );
  }
  if (log === 'demonstration')
    throw new Refusal(
      'refused',
      'This console shows the demonstration, and what is invented must not mix with what is real: choose "aside" to keep it in a folder and begin with an empty log.',
    );
  if (log === 'own' && mine === undefined && organisation !== null)
    throw new Refusal(
      'refused',
      `This console has a log of its own (${context.store.opCount.toLocaleString('en')} ops): choose "bring" and everything in it is shared with ${organisation}, or "aside" to keep it in a folder and begin with an empty log.`,
    );
  return false;
}

/** @throws Refusal in one sentence */
export async function joinOrganisation(context: Context, input: Parsed<'console.join'>): Promise<Joining> {
  const given = givenCode(input);
  const { code } = given;
  const mine = input.mine;
  const problem = mine === 'aside' && logState(context) === 'organisation' ? null : problemOf(context, code);
  if (problem) throw new Refusal('refused', problem);
  if (code.expires < context.now()) throw new Refusal('refused', problemOf(context, code) ?? 'This code has expired.');
  const certificate = certificateOf(code, given, input.ca);
  if (isAside(context, mine, code.organisation)) {
    const aside = await beginAnew(context, 'console.join', {
      code: given.text,
      name: input.name,
      ...asGiven(given, input),
      ...(certificate === null ? {} : { ca: keepCertificate(context, certificate) }),
    });
    return { organisation: code.organisation, restarting: true, aside, spoken: null };
  }
  await reachHub(context, given, input, certificate);
  return ask(context, code, input.name);
}

function asGiven(given: Given, input: Parsed<'console.join'>): { user?: string; credential?: string } {
  const user = input.user ?? given.user;
  const credential = input.credential ?? given.credential;
  return { ...(user === undefined ? {} : { user }), ...(credential === undefined ? {} : { credential }) };
}

/** The certificate that the code names, in PEM; null when it names none. @throws Refusal when it is not at hand or another */
function certificateOf({ certificate }: JoinCode, given: Given, file: string | undefined): string | null {
  if (!certificate) return null;
  let pem = given.certificate;
  if (file !== undefined) {
    try {
      pem = readFileSync(file, 'utf8');
    } catch (cause) {
      throw new Refusal('bad_input', `ca: ${file} can't be read.`, { cause });
    }
  }
  const wanted = certificate.toString('hex');
  if (pem === undefined)
    throw new Refusal(
      'bad_input',
      `ca: the hub's certificate is signed by an authority of its own; name the file with that certificate (its SHA-256 begins with ${wanted.slice(0, 16)}).`,
    );
  if (fingerprint(pem)?.toString('hex') !== wanted)
    throw new Refusal(
      'bad_input',
      `ca: that is another certificate than the one that the code names (its SHA-256 begins with ${wanted.slice(0, 16)}).`,
    );
  return pem;
}

/** SHA-256 of a PEM certificate; null when it is none. */
export function fingerprint(pem: string): Buffer | null {
  try {
    return Buffer.from(new X509Certificate(pem).fingerprint256.replaceAll(':', ''), 'hex');
  } catch {
    return null;
  }
}

function keepCertificate({ paths }: Context, pem: string): string {
  const file = join(paths.data, CA_FILE);
  writeFileSync(file, pem, { flush: true });
  return file;
}

async function reachHub(
  context: Context,
  given: Given,
  input: Parsed<'console.join'>,
  certificate: string | null,
): Promise<void> {
  const { code } = given;
  if (code.hub === '') return;
  const { sync } = context;
  const { user, credential } = asGiven(given, input);
  const config = HubConfig.parse({
    url: code.hub,
    organisation: code.organisation,
    ...(code.domain === null ? {} : { domain: code.domain }),
    edge: code.edge,
    user: user ?? null,
    ca: certificate === null ? null : keepCertificate(context, certificate),
  });
  const before = sync.config;
  const same = before?.url === config.url && before.organisation === config.organisation;
  await sync.configure(
    same && user === undefined ? { ...config, user: before.user } : config,
    credential ?? (same ? undefined : null),
  );
}

/** Writes whom we trust, and the request. */
function ask(context: Context, code: JoinCode, name: string): Joining {
  const { store, identity } = context;
  const { console: _console, ...request } = signRequest(code, identity);
  const inviter = consoleIdOf(code.key);
  let made: { id: string; eventTime: number } | null = null;
  const done = context.commit((tx): Joining => {
    const known = tx.entity('console', ESTATE, inviter)?.doc;
    if (known?.['access'] === undefined)
      tx.append({
        scope: ESTATE,
        type: 'console.enrol',
        payload: { console: inviter, key: code.key.toString('base64url'), name: code.name || inviter, repeats: true },
      });
    else if (known['access'] !== 'enrolled')
      throw new Refusal(
        'refused',
        `${code.name || inviter}, which made this code, was revoked: ask another console for one.`,
      );
    made = tx.append({ scope: ESTATE, type: 'console.request', payload: { ...request, name } });
    saySealingKey(tx, identity);
    return { organisation: code.organisation, restarting: false, aside: null, spoken: spoken(store.console) };
  });
  const { id, eventTime } = made! as { id: string; eventTime: number };
  rememberAsking(store, {
    organisation: code.organisation,
    name,
    inviter: { id: inviter, name: code.name },
    request: id,
    at: eventTime,
    expires: code.expires,
  });
  context.changed(['link', 'status']);
  return done;
}

/** @throws Refusal in one sentence */
export async function foundOrganisation(context: Context, input: Parsed<'organisation.found'>): Promise<Joining> {
  const { store, sync, identity } = context;
  const { standing } = organisationView(context);
  const own = organisationOf(store);
  if (own && input.mine !== 'aside')
    throw new Refusal('refused', `This console belongs to ${own.name} (${own.id}) already.`);
  if (standing === 'asking' && input.mine !== 'aside')
    throw new Refusal('refused', 'This console asks to join another organisation: it cannot found one meanwhile.');
  const id =
    input.organisation ?? sync.config?.organisation ?? slug(input.name, signText(identity.privateKey, input.name));
  if (isAside(context, input.mine, null)) {
    const aside = await beginAnew(context, 'organisation.found', { ...input, mine: undefined, organisation: id });
    return { organisation: id, restarting: true, aside, spoken: null };
  }
  if (sync.config && sync.config.organisation !== id)
    throw new Refusal(
      'refused',
      `organisation: the hub is set for ${sync.config.organisation}; found it under that name, or forget the hub first.`,
    );
  const key = rawKey(identity.publicKey).toString('base64url');
  return context.commit((tx): Joining => {
    tx.append({ scope: ESTATE, type: 'organisation.found', payload: { organisation: id, name: input.name } });
    tx.append({
      scope: ESTATE,
      type: 'console.enrol',
      payload: { console: store.console, key, name: input.console },
      base: tx.headIds('console', ESTATE, store.console, 'access'),
    });
    saySealingKey(tx, identity);
    return { organisation: id, restarting: false, aside: null, spoken: spoken(store.console) };
  });
}

/** "Acme Retail" → "acme-retail-7f3k2": readable, and not that of another organisation of the same name. */
function slug(name: string, random: Buffer): string {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-$/, '');
  return `${words || 'organisation'}-${random.toString('hex').slice(0, 5)}`;
}
