/**
 * From what a person entered (or a code carried) to the configuration of the hub. Call `hubConfig` with what is to change
 * and give the result to `sync.configure(config, secret)`, which keeps the secret with the credentials and opens the link.
 */
import { existsSync } from 'node:fs';
import type { z } from 'zod';
import type { HubInput } from '../../../shared/contract/hub.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { addressesOf, HubConfig } from './config.ts';

/**
 * @param before the configuration that `input` changes, for what it does not name; of another hub nothing is taken over
 * @throws Refusal `bad_input` with one sentence on what cannot be
 */
export function hubConfig(before: HubConfig | null, input: Omit<z.output<typeof HubInput>, 'credential'>): HubConfig {
  const kept = before?.url === input.url && before.organisation === input.organisation ? before : null;
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  const config = HubConfig.parse({ ...kept, ...given });
  const schemes = new Set(config.url.split(',').map((each) => /^\s*wss?:/.test(each)));
  if (schemes.size > 1)
    throw new Refusal(
      'bad_input',
      'url: write all addresses of a hub with nats:// and tls://, or all with ws:// and wss://.',
    );
  if (config.ca !== null && !existsSync(config.ca))
    throw new Refusal(
      'bad_input',
      `ca: there is no file ${config.ca}; name the PEM file with the certificate of who signed the hub's.`,
    );
  const clear = config.ca === null && config.user !== null ? addressesOf(config.url).find(isClear) : undefined;
  if (clear !== undefined)
    throw new Refusal(
      'bad_input',
      `url: the password of ${config.user} would travel unencrypted to ${clear}; write ${clear.replace(/^nats/, 'tls').replace(/^ws/, 'wss')}, or use an NKEY seed or a .creds file, which never travel.`,
    );
  if (config.edge !== null && config.edge === config.domain)
    throw new Refusal('bad_input', `edge: the store's domain and the hub's cannot both be "${config.edge}".`);
  return config;
}

/** Whether what is sent to this address can be read on the way. */
function isClear(address: string): boolean {
  return /^(nats|ws):/.test(address) && !/^\w+:\/\/(localhost|127(\.\d+){3}|\[::1\])(:|$)/.test(address);
}
