/** Every kind of source. A new one is its own file and one line here. */
import { join } from 'node:path';
import { player } from '../../../assets/demo/player.ts';
import { alertmanager } from './alertmanager.ts';
import { changesJson } from './changes-json.ts';
import { prometheus } from './prometheus.ts';
import type { SourceModule } from './source.ts';

/** @param assets the folder of the program's own files */
export function sourceModules(assets: string): readonly SourceModule[] {
  return [prometheus, alertmanager, changesJson, player(join(assets, 'demo'))];
}
