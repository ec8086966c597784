/** Whether the data engine can answer; kept for the whole life of the window. */
import { create } from 'zustand';
import type { EngineStatus } from '../../shared/contract/bridge.ts';
import { bridge } from './client.ts';

export const useEngine = create<EngineStatus>(() => ({ state: 'starting', message: null, since: Date.now() }));

bridge.onEngine((status) => useEngine.setState(status));
void bridge.engine().then((status) => useEngine.setState(status));
