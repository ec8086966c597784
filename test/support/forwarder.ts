/** A way over TCP to a port of this machine that can be cut and mended. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Forwarder {
  port: number;
  /** Ends every connection and refuses new ones. */
  cut(): void;
  mend(): void;
  stop(): void;
}

export async function startForwarder(to: number): Promise<Forwarder> {
  const sockets = new Set<Socket>();
  let open = true;
  const server = createServer((near) => {
    if (!open) return void near.destroy();
    const far = connect(to, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    open = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    mend: () => {
      open = true;
    },
    stop: () => {
      cut();
      server.close();
    },
  };
}
