import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHttp } from '../../electron/engine/sources/http.ts';

// Made for this test, for localhost, and used nowhere else.
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgiufL3KtLtoS2DeKS
ZhQLy4TVNtdonsq1PtFIoCwsssihRANCAASL6ItdhQ517dR2Vl/gtWbRcccARmIy
lEVciEtIGv1J+ATb0ca5l3znjaBaFufoXAUI3ScpfqLeFPgq77VOACHn
-----END PRIVATE KEY-----
`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBnTCCAUOgAwIBAgIUYyxafvw4QkLzGdnfKJ96A/zZytMwCgYIKoZIzj0EAwIw
GDEWMBQGA1UEAwwNSG9sZGZhc3QgdGVzdDAgFw0yNjExMjIyMDExNDRaGA8yMTI2
MTAyOTIwMTE0NFowGDEWMBQGA1UEAwwNSG9sZGZhc3QgdGVzdDBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABIvoi12FDnXt1HZWX+C1ZtFxxwBGYjKURVyIS0ga/Un4
BNvRxrmXfOeNoFoW5+hcBQjdJyl+ot4U+CrvtU4AIeejaTBnMB0GA1UdDgQWBBTr
rtNb32ffwOMS8AdKpTG2NJ4ZdDAfBgNVHSMEGDAWgBTrrtNb32ffwOMS8AdKpTG2
NJ4ZdDAPBgNVHRMBAf8EBTADAQH/MBQGA1UdEQQNMAuCCWxvY2FsaG9zdDAKBggq
hkjOPQQDAgNIADBFAiAfnfuYXBFRbPCnKKCY9uIYUhX9efShXOEm1hhWtZGe4AIh
AJQlDkRss/OF2r9LwytU7qarhAXhjaAo1CzoiiDKAHpk
-----END CERTIFICATE-----
`;

const cleanups: (() => void)[] = [];
afterEach(() => cleanups.splice(0).forEach((clean) => clean()));

beforeAll(() => {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-trust-'));
  writeFileSync(join(directory, 'authority.pem'), CERTIFICATE);
  process.env['SSL_CERT_FILE'] = join(directory, 'authority.pem');
  return () => rmSync(directory, { recursive: true });
});

async function serve(): Promise<string> {
  const server = createServer({ key: KEY, cert: CERTIFICATE }, (_, response) => response.end('[]'));
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
