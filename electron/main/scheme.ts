/**
 * `holdfast://app/`: the only origin that the window ever has. Invariant: serves files of the renderer's folder and
 * nothing outside it, each with the policy that keeps the page from loading or reaching anything else.
 */
import { protocol, type Session } from 'electron';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { ORIGIN, resolveAsset, SCHEME } from './origin.ts';

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ');

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

const HEADERS = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** Shown when the window's own page keeps failing. Needs no script, so nothing in it can fail again. */
const STOPPED_PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Holdfast</title>
<h1>The window stopped several times in a minute.</h1>
<p>The data engine still runs and nothing that was confirmed is lost. Choose Help, then Reload the window, to try again.</p>
<p>Until then the command line does everything: <code>npm run -s cli -- incident list</code></p></html>`;
export const STOPPED_URL = `${ORIGIN}/stopped`;

/** Before the application is ready, once. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves `folder`, an absolute path, to `session`. */
export function serveRenderer(session: Session, folder: string): void {
  // The first Response loads the network library of the platform; now nobody waits for it.
  setImmediate(() => new Response());
  session.protocol.handle(SCHEME, async (request) => {
    if (request.url === STOPPED_URL) return answer(200, STOPPED_PAGE, '.html');
    const path = request.method === 'GET' ? resolveAsset(folder, request.url) : null;
    if (path === null) return answer(404, 'Not found', '.txt');
    try {
      return answer(200, new Uint8Array(await readFile(path)), extname(path));
    } catch {
      return answer(404, 'Not found', '.txt');
    }
  });
}

function answer(status: number, body: string | Uint8Array<ArrayBuffer>, extension: string): Response {
  return new Response(body, {
    status,
    headers: { ...HEADERS, 'Content-Type': TYPES[extension] ?? 'text/plain; charset=utf-8' },
  });
}
