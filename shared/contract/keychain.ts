/** How the engine asks the main process for the system's keychain. */

export interface ToKeychain {
  type: 'keychain';
  id: number;
  what: 'available' | 'seal' | 'open';
  /** What to seal, or what was sealed (base64). */
  text: string;
}

export interface FromKeychain {
  type: 'keychain';
  id: number;
  ok: boolean;
  /** The answer, or why there is none. */
  value: string;
}
