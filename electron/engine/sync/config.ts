/** Where this console's hub is and how it gets in. Invariant: nothing here is secret; the secret is kept by the credentials. */
import { z } from 'zod';
import { FilePath } from '../../../shared/contract/common.ts';
import { HubAddress, OrganisationId, PlaceName } from '../../../shared/contract/hub.ts';

export const HubConfig = z.object({
  /** `nats://`, `tls://`, `ws://` or `wss://`; several, with commas, for the servers of one cluster. */
  url: HubAddress,
  organisation: OrganisationId,
  /** Domain of the store's own server, when `url` is a leaf node; null when it is the hub itself. */
  edge: PlaceName.nullable().default(null),
  /** The hub's own domain, by which it is reached through a leaf node. */
  domain: PlaceName.default('hub'),
  /** With a password: whose. Null with a seed, a credentials file's content, or nothing. */
  user: z.string().max(200).nullable().default(null),
  /** File with the certificate of who signed the hub's; null for those that the system trusts. */
  ca: FilePath.nullable().default(null),
  /** On how many servers a stream that this console makes is kept. */
  replicas: z.int().min(1).max(5).default(1),
});
export type HubConfig = z.infer<typeof HubConfig>;

/** Name of the hub's secret among the credentials. */
export const HUB_CREDENTIAL = 'hub';

/** Where the secret may be sent: scheme, host and port of every address, as they were entered. */
export function hubAudience({ url }: Pick<HubConfig, 'url'>): string {
  return addressesOf(url).toSorted().join(',');
}

/** The single addresses. */
export function addressesOf(url: string): string[] {
  return url
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
