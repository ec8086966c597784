/** Requests of actions over TLS: only to a server that this machine has a reason to believe. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { COMPANY, STRANGER } from '../support/certificates.ts';
import { done, newFolder, openOn } from '../support/engines.ts';
import { target, type Target } from '../support/target.ts';

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-trust-'));
  writeFileSync(join(folder, 'authority.pem'), COMPANY.cert);
  process.env['SSL_CERT_FILE'] = join(folder, 'authority.pem');
  return () => rmSync(folder, { recursive: true });
});

/** What comes of an action of low risk that is sent to `server`. */
async function sent(server: Target) {
  const engine = await openOn(newFolder());
  await done(engine, 'estate.load-demonstration', {});
  const { id: incident } = await done(engine, 'incident.declare', { title: 'Slow', services: ['checkout-api'] });
  await done(engine, 'endpoint.add', { endpoint: 'deployer', url: server.url, credential: 'a-token' });
  const { action } = await done(engine, 'action.propose', {
    incident,
    template: 'pause-pipeline',
    inputs: { pipeline: 'checkout' },
  });
  return done(engine, 'action.run', { action });
}

describe('the request of an action', () => {
  it('does not reach a server whose authority nobody trusts, and says so in one sentence', async () => {
    const server = await target({ tls: STRANGER, host: 'localhost' });
    const { state, message } = await sent(server);
    expect(state).toBe('waiting');
    expect(message).toContain(`localhost:${server.port} shows a certificate that it signed itself`);
    expect(server.received).toEqual([]);
  });

  it('reaches one that this machine trusts', async () => {
    const server = await target({ tls: COMPANY, host: 'localhost' });
    expect(await sent(server)).toMatchObject({ state: 'done' });
    expect(server.received).toMatchObject([{ headers: { authorization: 'Bearer a-token' } }]);
  });
});
