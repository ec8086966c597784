/** Which screen shows, with what, and the way back. Nothing here is remembered by the data folder. */
import { create } from 'zustand';

export type ScreenId =
  | 'situation'
  | 'map'
  | 'incidents'
  | 'incident'
  | 'stores'
  | 'estate'
  | 'sources'
  | 'link'
  | 'settings'
  | 'runbooks'
  | 'policies'
  | 'conflicts'
  | 'digest'
  | 'record'
  | 'breakglass'
  | 'search';

export interface Place {
  screen: ScreenId;
  /**
   * `incident`: { incident, focus? 'composer', entry? }; `map`: { service? }; `estate`: { tab?, id?, find?, do? 'import' | 'export' };
   * `stores`: { store?, show?, region?, view? 'table' }; `runbooks`: { runbook? }; `policies`: { policy? }; `conflicts`: { key? }; `sources`: { source?, do? 'add' | 'edit' };
   * `breakglass`: { grant?, do? 'phone' }; `link`: { do? 'edit' }; `search`: { text?, kind?, who?, within?, when?, from?, to?, at? }.
   */
  params: Record<string, string>;
}

export interface Navigation extends Place {
  trail: Place[];
  go(screen: ScreenId, params?: Record<string, string>): void;
  /** Changes the parameters of the current place without a step back to it. */
  replace(params: Record<string, string>): void;
  back(): void;
}

const LONGEST_TRAIL = 50;

const same = (a: Place, b: Place): boolean =>
  a.screen === b.screen &&
  Object.keys(a.params).length === Object.keys(b.params).length &&
  Object.entries(a.params).every(([key, value]) => b.params[key] === value);

export const useNavigation = create<Navigation>((set, get) => ({
  screen: 'situation',
  params: {},
  trail: [],
  go(screen, params = {}) {
    const { screen: from, params: fromParams, trail } = get();
    const here = { screen: from, params: fromParams };
    if (same(here, { screen, params })) return;
    set({ screen, params, trail: [...trail, here].slice(-LONGEST_TRAIL) });
  },
  replace(params) {
    set({ params });
  },
  back() {
    const { screen, trail } = get();
    const last = trail.at(-1);
    if (last !== undefined) set({ ...last, trail: trail.slice(0, -1) });
    else if (screen !== 'situation') set({ screen: 'situation', params: {} });
  },
}));
