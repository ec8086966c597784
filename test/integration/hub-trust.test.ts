/** Who a hub is, and who may in: certificates, keys, credentials, and what ends while an incident runs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nkeys } from '@nats-io/transport-node';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { HubConfig } from '../../electron/engine/sync/config.ts';
import { tryHub } from '../../electron/engine/sync/running.ts';
import { problemWords } from '../../shared/domain/link/words.ts';
import { AUTHORITY, COMPANY, EXPIRED, SERVER, STRANGER } from '../support/certificates.ts';
import { done, enrolIn, newFolder, openOn, refused } from '../support/engines.ts';
import { enrol, folder, notes, peer } from '../support/exchange.ts';
import { startHub } from '../support/hubs.ts';
import { linkTo, type Linked } from '../support/links.ts';
import { makeAccounts } from '../support/nats-accounts.ts';
import { freePort, missing, until } from '../support/servers.ts';

const links: Linked[] = [];
afterEach(async () => {
  for (const link of links.splice(0)) await link.stop();
});
beforeAll(() => {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-trust-'));
  writeFileSync(join(directory, 'authority.pem'), COMPANY.cert);
  process.env['SSL_CERT_FILE'] = join(directory, 'authority.pem');
  return () => rmSync(directory, { recursive: true });
});
function link(...[url, who, options]: Parameters<typeof linkTo>): Linked {
  const one = linkTo(url, who, options);
  links.push(one);
  return one;
}
function file(name: string, text: string): string {
  const path = join(folder(), name);
  writeFileSync(path, text);
  return path;
}
/** Lines of a configuration that show this certificate. */
const shows = ({ cert, key }: { cert: string; key: string }) =>
  `tls { cert_file: "${file('cert.pem', cert)}", key_file: "${file('key.pem', key)}" }`;
const attempt = (url: string, more: Partial<HubConfig> = {}, secret: string | null = null) =>
  tryHub(HubConfig.parse({ url, organisation: 'acme', ...more }), secret);

describe.skipIf(missing('nats-server'))('a hub with TLS', () => {
  it.each(['tls', 'wss'])(
    'is met over %s by whoever knows its authority, and named to whoever does not',
    async (how) => {
      const web = await freePort();
      const serve = (shown: string) =>
        startHub({ config: how === 'tls' ? shown : `websocket { listen: "127.0.0.1:${web}", ${shown} }` });
      const at = (host: string, port: number) => `${how}://${host}:${how === 'tls' ? port : web}`;
      const hub = await serve(shows(SERVER));
      const ca = file('ca.pem', AUTHORITY);
      const [here, there] = [peer(Date.now), peer(Date.now)];
      enrol(here, there);
      enrol(there, here);
      for (const who of [here, there]) link(at('localhost', hub.port), who, { ca });
      notes(here, 'i00000001', 5);
      await until('ops to arrive', () => there.store.log.tip(here.store.console)?.seq === here.store.head!.seq);

      const where = at('localhost', hub.port);
      expect(await attempt(where)).toMatchObject({
        ok: false,
        message: `${where} cannot be reached: its certificate is not signed by whom this console trusts; name the file with the certificate of who signed it.`,
      });
      expect((await attempt(where, { ca: file('other.pem', STRANGER.cert) })).message).toMatch(/not signed by whom/);
      expect((await attempt(at('127.0.0.1', hub.port), { ca })).message).toBe(
        `${at('127.0.0.1', hub.port)} cannot be reached: its certificate is for another name; write the address with localhost, as it says there.`,
      );
      expect((await attempt(where, { ca: file('ca.pem', 'hello') })).message).toMatch(/holds no certificate/);
      for (const one of links.splice(0)) await one.stop();
      await hub.stop();

      const old = await serve(shows(EXPIRED));
      expect((await attempt(at('localhost', old.port), { ca })).message).toMatch(
        /its certificate has expired; whoever runs the hub has to renew it\.$/,
      );
    },
  );

  it('whose authority only this machine knows is met without naming a file', async () => {
    const hub = await startHub({ config: shows(COMPANY) });
    expect(await attempt(`tls://localhost:${hub.port}`)).toMatchObject({ ok: true });
  });

  it('is not talked to without it when TLS was asked for, and no password is sent in the clear', async () => {
    const plain = await startHub();
    expect((await attempt(`tls://127.0.0.1:${plain.port}`)).ok).toBe(false);
    const engine = await openOn(newFolder());
    const hub = { organisation: 'acme-retail', user: 'holdfast', credential: 'secret' };
    expect(await refused(engine, 'hub.set', { ...hub, url: 'nats://hub.example:4222' })).toMatch(
      /would travel unencrypted to nats:\/\/hub\.example:4222; write tls:\/\/hub\.example:4222/,
    );
  });
});

describe.skipIf(missing('nats-server'))('a hub that wants to know who comes', () => {
  it('takes an NKEY that it knows and no other', async () => {
    const [known, other] = [nkeys.createUser(), nkeys.createUser()];
    const seed = (pair: typeof known) => new TextDecoder().decode(pair.getSeed());
    const hub = await startHub({ config: `authorization { users: [{ nkey: ${known.getPublicKey()} }] }` });
    expect(await attempt(hub.hub, {}, seed(known))).toMatchObject({ ok: true });
    expect((await attempt(hub.hub, {}, seed(other))).message).toMatch(/refuses this console's credentials/);
    expect((await attempt(hub.hub)).message).toMatch(/refuses this console's credentials/);
    expect((await attempt(hub.hub, {}, `SU${'A'.repeat(56)}`)).message).toMatch(/is no NKEY seed/);
  });

  it('ends credentials in mid-incident: it is said since when, everything goes on, and new ones bring all together', async () => {
    const accounts = makeAccounts();
    const hub = await startHub({ config: accounts.config });
    const [one, other] = [newFolder(), newFolder()];
    enrolIn(one, other);
    enrolIn(other, one);
    const [here, there] = [await openOn(one, { poll: true }), await openOn(other, { poll: true })];
    const at = { url: hub.hub, organisation: 'acme-retail' };
    await done(there, 'hub.set', { ...at, credential: accounts.credentials() });
    await done(here, 'hub.set', { ...at, credential: accounts.credentials(Date.now() + 2500) });
    const state = async () => (await done(here, 'status', {})).link;
    await until('the link to stand', async () => (await state()).state === 'connected');
    const began = Date.now();
    await until('the hub to take them no more', async () => (await state()).refusedSince !== null);
    const { refusedSince, state: now } = await state();
    expect(refusedSince).toBeGreaterThanOrEqual(began - 100);
    expect(now).toBe('cut-off');
    const said = async () => problemWords((await done(here, 'link.show', {})).places[0]!, 'Europe/Vienna');
    expect(await said()).toMatch(
      /^The hub no longer accepts this console's credentials since \d\d:\d\d CES?T: enter new ones in Settings, Hub\./,
    );
    await done(here, 'incident.declare', { title: 'Declared without a hub', severity: 'SEV3' });
    // Asking again changes nothing of since when.
    await done(here, 'hub.retry', {});
    expect((await state()).refusedSince).toBe(refusedSince);

    await done(here, 'hub.set', { ...at, credential: accounts.credentials() });
    await until('what was written alone to arrive', async () =>
      (await done(there, 'incident.list', {})).some(({ title }) => title === 'Declared without a hub'),
    );
    expect(await state()).toMatchObject({ state: 'connected', refusedSince: null });
    expect(await said()).toBeNull();
  });
});
