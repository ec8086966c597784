/**
 * An operator with an account that has JetStream, as a nats-server that believes signed claims is told of it, and
 * credentials of its users. What the format is: ADR-14 of nats-architecture-and-design.
 */
import { nkeys } from '@nats-io/transport-node';

type KeyPair = ReturnType<typeof nkeys.createUser>;

export interface Accounts {
  /** Lines of the server's configuration. */
  config: string;
  /** The content of a `.creds` file of a new user; `expires` in ms since 1970. */
  credentials(expires?: number): string;
}

export function makeAccounts(): Accounts {
  const operator = nkeys.createOperator();
  const [account, system] = [nkeys.createAccount(), nkeys.createAccount()];
  const unlimited = { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
  const limits = { ...unlimited, mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
  const preload = [
    [account, claims(operator, account, 'holdfast', { type: 'account', version: 2, limits })],
    [system, claims(operator, system, 'SYS', { type: 'account', version: 2, limits: unlimited })],
  ] as const;
  return {
    config: [
      `operator: ${claims(operator, operator, 'acme', { type: 'operator', version: 2 })}`,
      `system_account: ${system.getPublicKey()}`,
      'resolver: MEMORY',
      `resolver_preload { ${preload.map(([pair, jwt]) => `${pair.getPublicKey()}: ${jwt}`).join('\n')} }`,
    ].join('\n'),
    credentials(expires) {
      const user = nkeys.createUser();
      const rights = { type: 'user', version: 2, subs: -1, data: -1, payload: -1, pub: {}, sub: {} };
      const jwt = claims(account, user, 'console', rights, expires);
      const seed = new TextDecoder().decode(user.getSeed());
      const dashes = '-----';
      return [
        `${dashes}BEGIN NATS USER JWT${dashes}\n${jwt}\n${dashes}-END NATS USER JWT${dashes}-`,
        `${dashes}BEGIN USER NKEY SEED${dashes}\n${seed}\n${dashes}-END USER NKEY SEED${dashes}-\n`,
      ].join('\n\n');
    },
  };
}

function claims(issuer: KeyPair, subject: KeyPair, name: string, nats: object, expires?: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const iat = Math.floor(Date.now() / 1000);
  const body = {
    ...{ jti: `${name}-${subject.getPublicKey().slice(0, 20)}`, iat, iss: issuer.getPublicKey(), name },
    ...(expires === undefined ? {} : { exp: Math.ceil(expires / 1000) }),
    sub: subject.getPublicKey(),
    nats,
  };
  const text = `${part({ typ: 'JWT', alg: 'ed25519-nkey' })}.${part(body)}`;
  return `${text}.${Buffer.from(issuer.sign(new TextEncoder().encode(text))).toString('base64url')}`;
}
