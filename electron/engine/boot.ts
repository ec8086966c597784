/**
 * Where the engine's process begins. Invariant: imports nothing of the engine before the cache of compiled code is open,
 * because reading what the last start compiled is a good part of what a start waits for.
 */
import { enableCompileCache } from 'node:module';
import type { EngineArguments } from '../../shared/contract/engine-process.ts';

enableCompileCache((JSON.parse(process.argv[2]!) as EngineArguments).compiled);
await import('./main.ts');
