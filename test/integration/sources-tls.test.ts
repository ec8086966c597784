import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHttp } from '../../electron/engine/sources/http.ts';
import { COMPANY } from '../support/certificates.ts';

const cleanups: (() => void)[] = [];
afterEach(() => cleanups.splice(0).forEach((clean) => clean()));

beforeAll(() => {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-trust-'));
  writeFileSync(join(directory, 'authority.pem'), COMPANY.cert);
  process.env['SSL_CERT_FILE'] = join(directory, 'authority.pem');
  return () => rmSync(directory, { recursive: true });
});

async function serve(): Promise<string> {
  const server = createServer(COMPANY, (_, response) => response.end('[]'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => (server.closeAllConnections(), void server.close()));
  return `localhost:${(server.address() as { port: number }).port}`;
}

describe('a server with a certificate of the company', () => {
  it('is read when this machine trusts its authority', async () => {
    const host = await serve();
    const signal = AbortSignal.timeout(5000);
    expect(await createHttp().json({ url: `https://${host}/`, signal })).toEqual([]);
  });

  it('is refused in one sentence for another name', async () => {
    const host = (await serve()).replace('localhost', '127.0.0.1');
    await expect(createHttp().json({ url: `https://${host}/`, signal: AbortSignal.timeout(5000) })).rejects.toThrow(
      `${host} shows a certificate for another name.`,
    );
  });
});
