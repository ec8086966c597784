/**
 * The system's keychain for the engine, which cannot reach it from its own process. Invariant: what the platform calls
 * encryption but is none (`basic_text` on Linux) is never used: the engine is told that there is no keychain.
 */
import { safeStorage } from 'electron';
import type { FromKeychain, ToKeychain } from '../../shared/contract/keychain.ts';

/** Whether the platform really encrypts. */
async function hasKeychain(): Promise<boolean> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return false;
  return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
}

/** Answers one request of the engine. Never rejects. */
export async function answer(request: ToKeychain): Promise<FromKeychain> {
  const { id } = request;
  try {
    switch (request.what) {
      case 'available':
        return { type: 'keychain', id, ok: true, value: (await hasKeychain()) ? 'yes' : 'no' };
      case 'seal':
        return {
          type: 'keychain',
          id,
          ok: true,
          value: (await safeStorage.encryptStringAsync(request.text)).toString('base64'),
        };
      case 'open': {
        const { result } = await safeStorage.decryptStringAsync(Buffer.from(request.text, 'base64'));
        return { type: 'keychain', id, ok: true, value: result };
      }
    }
  } catch (error) {
    return { type: 'keychain', id, ok: false, value: error instanceof Error ? error.message : String(error) };
  }
}
