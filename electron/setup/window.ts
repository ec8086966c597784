/** All that a real window needs on this machine, for `npm start`, the end-to-end tests and the benches. */
import { join } from 'node:path';
import { ensureBuilt } from './build.ts';
import { displayMissing, openDisplay } from './display.ts';
import { OUT } from './paths.ts';
import { ensureRuntime, sandboxSwitches, type Runtime } from './runtime.ts';
import { ensureSystem } from './system.ts';

export interface PreparedWindow {
  runtime: Runtime;
  /** Switches that this machine forces on Electron; they come before `entry`. */
  switches: string[];
  /** The built console's first file. */
  entry: string;
  /** To merge into the environment: the display. */
  display: Record<string, string>;
  /** Ends the virtual display, if one was started. */
  readonly stop: () => void;
}

/** Fetches, installs and builds what is missing. Quick when nothing is. Throws a SetupProblem. */
export async function prepareWindow(): Promise<PreparedWindow> {
  const runtime = await ensureRuntime();
  await ensureSystem({ electron: runtime.executable, display: displayMissing(), servers: false });
  await ensureBuilt();
  const switches = await sandboxSwitches(runtime);
  const { env, stop } = await openDisplay();
  return { runtime, switches, entry: join(OUT, 'main', 'index.js'), display: env, stop };
}
