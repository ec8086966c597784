/**
 * `npm run -s cli -- <verb> …`: the engine without a window. Invariant: one JSON document on stdout with `--json`, one
 * readable page without; everything else goes to stderr; status 0 done, 1 refused or not found, 2 bad usage.
 */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/holdfast/compiled/', import.meta.url)));

// Whoever reads stdout may stop reading, as `head` does.
process.stdout.on('error', () => process.exit());
process.stderr.on('error', () => undefined);

const { run } = await import('./run.ts');
const { harmless } = await import('./page.ts');
const { status, out, messages } = await run(process.argv.slice(2));
for (const message of messages) process.stderr.write(`${harmless(message)}\n`);
process.stdout.write(out, () => process.exit(status));
