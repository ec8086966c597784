import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadIdentity, openIdentity, sealIdentity } from '../../electron/engine/access/identity.ts';
import { Keychain } from '../../electron/engine/access/keychain.ts';
import { FileCredentials } from '../../electron/engine/sources/credentials.ts';
import type { FromKeychain, ToKeychain } from '../../shared/contract/keychain.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

function folder(): string {
  folders.push(mkdtempSync(join(tmpdir(), 'holdfast-keychain-')));
  return folders.at(-1)!;
}

/** A keychain process: reverses what it seals; `corrupt` gives back something else. */
function keychain(kind: 'real' | 'none' | 'corrupt' = 'real'): Keychain {
  const reversed = (text: string) => Buffer.from(text).reverse().toString('latin1');
  const chain: Keychain = new Keychain((message: ToKeychain) => {
    const value =
      message.what === 'available'
        ? kind === 'none'
          ? 'no'
          : 'yes'
        : kind === 'corrupt'
          ? 'rubbish'
          : reversed(message.text);
    queueMicrotask(() => chain.receive({ type: 'keychain', id: message.id, ok: true, value } satisfies FromKeychain));
  });
  return chain;
}

describe('the signing key', () => {
  it('lies in a file of mode 0600 where there is no keychain', () => {
    const data = folder();
    loadIdentity(data);
    expect(statSync(join(data, 'keys', 'console.pem')).mode & 0o777).toBe(0o600);
  });

  it('moves into the keychain whole, and only the keychain opens it then', async () => {
    const data = folder();
    const before = loadIdentity(data);
    const { sealer } = keychain();
    await sealIdentity(data, sealer);
    expect(readdirSync(join(data, 'keys'))).toEqual(['console.sealed.json']);
    expect(readFileSync(join(data, 'keys', 'console.sealed.json'), 'utf8')).not.toContain('BEGIN PRIVATE KEY');
    expect(await openIdentity(data, sealer)).toMatchObject({ kept: 'keychain', identity: { console: before.console } });
    await expect(openIdentity(data, null)).rejects.toThrow(/Open the console/);
    expect(() => loadIdentity(data)).toThrow(/keychain/);
  });

  it('stays where it is when the keychain does not give it back', async () => {
    const data = folder();
    loadIdentity(data);
    await expect(sealIdentity(data, keychain('corrupt').sealer)).rejects.toThrow(/gave back something else/);
    expect(existsSync(join(data, 'keys', 'console.pem'))).toBe(true);
  });
});

describe('credentials', () => {
  it('are sealed by a keychain, and still open what was written without one', async () => {
    const data = folder();
    const audience = 'https://prom.example';
    await new FileCredentials(data).set('old', 'secret-1', audience);
    const sealed = new FileCredentials(data, keychain().fallingBack());
    await sealed.set('new', 'secret-2', audience);
    expect(readFileSync(join(data, 'credentials.json'), 'utf8')).not.toContain('secret-2');
    expect([await sealed.get('old', audience), await sealed.get('new', audience)]).toEqual(['secret-1', 'secret-2']);
    await sealed.set('old', null, audience);
    expect(sealed.warning()).toBeNull();
  });

  it('say that they are unprotected when there is no keychain', async () => {
    const data = folder();
    const plain = new FileCredentials(data, keychain('none').fallingBack());
    await plain.set('prom', 'secret', 'https://prom.example');
    expect(plain.warning()).toMatch(/unencrypted/);
    expect(await new FileCredentials(data).get('prom', 'https://prom.example')).toBe('secret');
  });
});
