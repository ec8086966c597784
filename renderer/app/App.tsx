/**
 * The frame around every screen: status strip, rail, notices, the screen, the dialogs. Invariant: a screen that breaks
 * takes neither the frame nor another screen with it.
 */
import { CSPProvider } from '@base-ui/react/csp-provider';
import { lazy, Suspense, useEffect, useRef } from 'react';
import type { MenuAction } from '../../shared/contract/bridge.ts';
import { bridge, call } from '../bridge/client.ts';
import { registerCommands } from './commands.ts';
import { useEngine } from '../bridge/useEngine.ts';
import { useQuery } from '../bridge/useQuery.ts';
import { openUnlock, useHeld, useUnlock } from '../state/access.ts';
import { closeDialog, openBreakGlass, openDeclare, openKeys, openPalette, useDialogs } from '../state/dialogs.ts';
import { useKeys } from '../state/keys.ts';
import { showLook } from '../state/look.ts';
import { useNavigation } from '../state/navigation.ts';
import { localZone, useZoneStore } from '../state/zone.ts';
import { Skeleton } from '../ui/Skeleton.tsx';
import { lockNow } from '../features/access/last.ts';
import styles from './App.module.css';
import { Drop } from './Drop.tsx';
import { EngineFatal } from './EngineFatal.tsx';
import { Notices } from './Notices.tsx';
import { Rail } from './Rail.tsx';
import { ScreenBoundary } from './ScreenBoundary.tsx';
import { loadSearch, RAIL, SCREENS } from './screens.ts';
import { scrollScreen } from './scrolling.ts';
import { StatusStrip } from './StatusStrip.tsx';

const loadPalette = () => import('../features/palette/index.tsx');
const loadDeclare = () => import('../features/declare/index.tsx');
const Palette = lazy(loadPalette);
const Declare = lazy(loadDeclare);
const KeysHelp = lazy(() => import('../features/keys/index.tsx'));
const Export = lazy(() => import('../features/export/index.tsx'));
const BreakGlass = lazy(() => import('../features/breakglass/BreakGlass.tsx'));
const Unlock = lazy(() => import('../features/access/Unlock.tsx'));
const LockScreen = lazy(() => import('../features/access/LockScreen.tsx'));
const FolderLocked = lazy(() => import('../features/rest/FolderLocked.tsx'));
const Take = lazy(() => import('../features/export/Take.tsx'));

export function App() {
  const engine = useEngine();
  useSettingsApplied();
  useFrameKeys();
  useMenu();
  usePreload();
  if (engine.state === 'locked')
    return (
      <Suspense fallback={null}>
        <FolderLocked />
      </Suspense>
    );
  if (engine.state === 'fatal') return <EngineFatal message={engine.message} />;
  return (
    <CSPProvider disableStyleElements>
      <div className={styles.frame}>
        <StatusStrip />
        <Rail />
        <ScreenArea />
      </div>
      <Dialogs />
      <Asked />
      <Drop />
    </CSPProvider>
  );
}

/** Who is here? Beside the frame's dialogs, because it can be asked in the middle of one. */
function Asked() {
  const asked = useUnlock((state) => state.asked);
  return <Suspense fallback={null}>{asked !== null && <Unlock asked={asked} />}</Suspense>;
}

function ScreenArea() {
  const hidden = useHeld(({ state, may }) => state === 'locked' && !may.includes('read'));
  return hidden ? (
    <main className={styles.main} aria-label="Locked">
      <Suspense fallback={null}>
        <LockScreen />
      </Suspense>
    </main>
  ) : (
    <Shown />
  );
}

function Shown() {
  const screen = useNavigation((state) => state.screen);
  const params = useNavigation((state) => state.params);
  const main = useRef<HTMLElement>(null);
  const place = `${screen} ${params['incident'] ?? ''}`;
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else if (main.current?.contains(document.activeElement) !== true) main.current?.focus();
    document.title = `${SCREENS[screen].title} – Holdfast`;
  }, [place, screen]);
  const { component: Screen, title } = SCREENS[screen];
  return (
    <main ref={main} tabIndex={-1} className={styles.main} aria-label={title}>
      <Notices />
      <div className={styles.screen}>
        <ScreenBoundary key={place} title={title}>
          <Suspense fallback={<Skeleton rows={8} />}>
            <Screen />
          </Suspense>
        </ScreenBoundary>
      </div>
    </main>
  );
}

function Dialogs() {
  const open = useDialogs((state) => state.open);
  return (
    <Suspense fallback={null}>
      {open.kind === 'palette' && <Palette />}
      {open.kind === 'declare' && <Declare prefill={open.prefill} />}
      {open.kind === 'keys' && <KeysHelp />}
      {open.kind === 'export' && <Export subject={open.subject} />}
      {open.kind === 'take' && <Take />}
      {open.kind === 'breakglass' && <BreakGlass />}
    </Suspense>
  );
}

/** What can be run from every screen and has no command of the contract. */
registerCommands([
  { id: 'breakglass.open', title: 'Break glass', hint: 'emergency access', run: openBreakGlass },
  {
    id: 'breakglass.show',
    title: 'Emergency access: in force, to be reviewed, sealed codes',
    keys: 'g b',
    run: () => useNavigation.getState().go('breakglass'),
  },
  { id: 'access.change', title: 'Unlock, or change who is here', keys: 'mod+l', run: () => openUnlock() },
  { id: 'access.lock', title: 'Lock the console', keys: 'mod+shift+l', run: lockNow },
  { id: 'board.open', title: 'Open the big board', hint: 'for the wall', run: () => void bridge.openBoard() },
]);

/** How long after the start the dialogs that must open at once are read, ms. */
const PRELOAD_AFTER = 1500;

function usePreload(): void {
  useEffect(() => {
    const id = setTimeout(
      () => requestIdleCallback(() => void Promise.all([loadPalette(), loadDeclare(), loadSearch()])),
      PRELOAD_AFTER,
    );
    return () => clearTimeout(id);
  }, []);
}

function useSettingsApplied(): void {
  const { value } = useQuery('settings.get', {}, ['settings']);
  useEffect(() => {
    if (value === undefined) return;
    showLook(value);
    useZoneStore.setState({ zone: value.headquartersZone ?? localZone() });
  }, [value]);
}

function useFrameKeys(): void {
  const { go, back } = useNavigation.getState();
  useKeys(
    'Everywhere',
    [
      {
        keys: 'mod+k',
        title: 'Find and run anything',
        run: () => (useDialogs.getState().open.kind === 'palette' ? closeDialog() : openPalette()),
      },
      { keys: 'mod+shift+i', title: 'Declare an incident', run: () => openDeclare() },
      { keys: 'mod+l', title: 'Unlock, or change who is here', run: () => openUnlock() },
      { keys: 'mod+shift+l', title: 'Lock the console', run: lockNow },
      { keys: '?', title: 'Show the keys of this screen', run: openKeys },
      { keys: 'Escape', title: 'Back', run: back },
      { keys: '/', title: 'Search the record', run: () => go('search') },
      { keys: 'g /', title: 'Search the record', run: () => go('search') },
      { keys: 'g b', title: 'Go to emergency access', run: () => go('breakglass') },
      ...RAIL.map(({ screen, keys }) => ({ keys, title: `Go to ${SCREENS[screen].title}`, run: () => go(screen) })),
      { keys: 'PageDown', title: 'Scroll', run: () => scrollScreen(1) },
      { keys: 'PageUp', title: 'Scroll', run: () => scrollScreen(-1) },
      { keys: 'Home', title: 'Top, end', run: () => scrollScreen(-Infinity) },
      { keys: 'End', title: 'Top, end', run: () => scrollScreen(Infinity) },
    ],
    { under: true },
  );
}

function useMenu(): void {
  useEffect(
    () =>
      bridge.onMenu((action: MenuAction) => {
        const { go, back } = useNavigation.getState();
        switch (action.type) {
          case 'go':
            return go(action.screen);
          case 'back':
            return back();
          case 'declare':
            return openDeclare();
          case 'palette':
            return openPalette();
          case 'keys':
            return openKeys();
          case 'import-catalog':
            return go('estate', { do: 'import' });
          case 'theme':
            return void call('settings.set', { theme: action.theme });
        }
      }),
    [],
  );
}
