/**
 * The dependency map: what does it reach, and where did it start? Invariant: map and table show the same services under the
 * same filter, and the count line accounts for every service and dependency of the estate at all times.
 */
import { Minus, Plus, Scan, Shapes } from 'lucide-react';
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { useCommands } from '../../app/commands.ts';
import { useReady } from '../../app/ready.ts';
import { call } from '../../bridge/client.ts';
import { type KeyBinding, useKeys } from '../../state/keys.ts';
import { useNavigation } from '../../state/navigation.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Choice } from '../../ui/Field.tsx';
import { Bar, Skeleton } from '../../ui/Skeleton.tsx';
import { SplitPane } from '../../ui/SplitPane.tsx';
import { HEALTH_WORDS, KIND_WORDS } from '../../ui/words.ts';
import { CountLine } from './CountLine.tsx';
import type { Emphasis, MapView } from './draw/map-view.ts';
import { Filters } from './Filters.tsx';
import { Legend } from './Legend.tsx';
import styles from './Map.module.css';
import { MapCanvas } from './MapCanvas.tsx';
import { EVERYTHING } from './model/filter.ts';
import { type Graph, toGraph } from './model/graph.ts';
import { searchServices, searchText } from './model/search.ts';
import { type Direction, type Trail, nearestTo, walk } from './model/walk.ts';
import { Search } from './Search.tsx';
import { ServicePanel, declareFor } from './ServicePanel.tsx';
import { ServiceTable } from './ServiceTable.tsx';
import { MOST_HOPS, focusOn, setFilter, showEverything, useMap } from './state.ts';
import { useEstate } from './useEstate.ts';
import { useShownGraph } from './useShownGraph.ts';

/** How far a key moves the view, CSS pixels, and by what factor it zooms. */
const PAN = 120;
const ZOOM = 1.3;
/** Matches of a search that are outlined on the map. */
const OUTLINED = 200;

export default function MapScreen() {
  const { map, error } = useEstate();
  const go = useNavigation((state) => state.go);
  const graph = useMemo(() => (map === undefined ? undefined : toGraph(map)), [map]);
  useReady('map', graph?.services.length === 0);

  if (graph === undefined) {
    if (error !== null) return <ErrorLine error={error} />;
    return (
      <Skeleton>
        <Bar height={32} />
        <Bar width={60} />
        <Bar height={480} />
      </Skeleton>
    );
  }
  if (graph.services.length === 0) {
    return (
      <EmptyState
        size="page"
        title="No service is known yet."
        text="Import the catalog of your services: then the map shows how they depend on each other, and what is hurt."
        action={
          <Button variant="primary" onClick={() => go('estate', { do: 'import' })}>
            Import catalog
          </Button>
        }
      />
    );
  }
  return <Estate graph={graph} error={error} />;
}

/** A service under the keyboard's cursor, and how it was reached. */
interface Cursor {
  service: string;
  trail: Trail | null;
}

function Estate({ graph, error }: { graph: Graph; error: { message: string } | null }) {
  const { mode, filter, legend, camera } = useMap();
  const asked = useNavigation((state) => state.params['service']);
  const replace = useNavigation((state) => state.replace);
  const selected = asked !== undefined && graph.index.has(asked) ? asked : null;

  const [query, setQuery] = useState('');
  const [cursor, setCursor] = useState<Cursor | null>(null);
  const [spoken, setSpoken] = useState('');
  const [panelTakesFocus, setPanelTakesFocus] = useState(false);
  const [beside, setBeside] = useState(false);
  const [drawn, setDrawn] = useState(false);
  const [broken, setBroken] = useState<string | null>(null);
  const mapView = useRef<MapView>(null);
  /** What to bring into view when its layout is there, and the service that was chosen on this screen last. */
  const wanted = useRef<{ service: string; close: boolean } | null>(null);
  const moved = useRef<string | null>(null);
  const searchInput = useRef<HTMLInputElement>(null);
  const root = useRef<HTMLDivElement>(null);

  const { shown, casting, live, line } = useShownGraph(graph, filter);
  const texts = useMemo(() => searchText(graph), [graph]);
  const found = useMemo(() => searchServices(graph, texts, query), [graph, texts, query]);
  const rows = useMemo(() => found.filter((v) => shown.mask[v]), [found, shown]);
  const asTable = mode === 'table' || broken !== null;
  const current: Cursor | null =
    selected !== null && cursor?.service !== selected
      ? { service: selected, trail: null }
      : cursor !== null && graph.index.has(cursor.service)
        ? cursor
        : null;
  const currentService = current?.service ?? null;
  const chosen = selected ?? currentService;
  useReady('map', asTable || drawn);

  const isShown = (service: string): boolean => {
    const v = graph.index.get(service);
    return v !== undefined && shown.mask[v] === 1;
  };
  const emphasis = useMemo(
    (): Emphasis => ({
      current: currentService,
      selected,
      found: query.trim() === '' ? [] : found.slice(0, OUTLINED).map((v) => graph.services[v]!.id),
    }),
    [graph, currentService, selected, query, found],
  );

  const focusStage = (): void =>
    root.current?.querySelector<HTMLElement>('[data-testid=map-canvas], [role=grid] [role=row][tabindex="0"]')?.focus();

  /** Brings a service into view: now, or as soon as the layout that shows it is there. */
  const bring = (service: string, close: boolean): void => {
    if (!isShown(service)) focusOn(service);
    wanted.current = { service, close };
    bringWanted();
  };
  const bringWanted = (): void => {
    if (wanted.current !== null && mapView.current?.show(wanted.current.service, wanted.current.close) === true)
      wanted.current = null;
  };
  const open = (service: string, takeFocus: boolean): void => {
    setPanelTakesFocus(takeFocus);
    setCursor((now) => (now?.service === service ? now : { service, trail: null }));
    moved.current = service;
    replace({ service });
  };
  const close = (): void => {
    replace({});
    focusStage();
  };

  /** A service that another screen asked for is brought into view; one that was chosen here is there already. */
  const arrive = useEffectEvent((service: string) => {
    if (moved.current !== service) bring(service, true);
    moved.current = null;
  });
  useEffect(() => {
    if (selected !== null) arrive(selected);
  }, [selected]);

  const position = (v: number): { x: number; y: number } =>
    mapView.current?.place(graph.services[v]!.id) ?? { x: 0, y: 0 };
  const speak = (v: number, place = ''): void => {
    const { name, health, kind, tier } = graph.services[v]!;
    setSpoken(
      `${name}, ${HEALTH_WORDS[health.health]}, ${KIND_WORDS[kind]}, ${tier === null ? 'no tier' : `tier ${tier}`}${place}`,
    );
  };
  const step = (direction: Direction): void => {
    if (current === null || !isShown(current.service)) {
      const [dx, dy] = { left: [PAN, 0], right: [-PAN, 0], up: [0, PAN], down: [0, -PAN] }[direction] as [
        number,
        number,
      ];
      mapView.current?.pan(dx, dy);
      return;
    }
    const next = walk(graph, shown.mask, position, graph.index.get(current.service)!, direction, current.trail);
    if (next === null) {
      setSpoken(
        {
          right: 'It needs nothing that is shown.',
          left: 'Nothing that is shown needs it.',
          up: 'First.',
          down: 'Last.',
        }[direction],
      );
      return;
    }
    const { id } = graph.services[next.service]!;
    setCursor({ service: id, trail: next.trail });
    bring(id, false);
    if (selected !== null) {
      moved.current = id;
      replace({ service: id });
    }
    speak(next.service, `, ${next.place} of ${next.of}`);
  };
  const enter = (): void => {
    if (current !== null) {
      open(current.service, true);
      return;
    }
    const middle = mapView.current?.middle();
    const nearest = middle ? nearestTo(shown.mask, position, middle) : null;
    if (nearest === null) return;
    setCursor({ service: graph.services[nearest]!.id, trail: null });
    bring(graph.services[nearest]!.id, false);
    speak(nearest);
  };
  const leave = (): void => {
    if (selected === null) setCursor(null);
    close();
  };
  const focusChosen = (): void => {
    if (chosen !== null) focusOn(chosen);
  };
  const declareChosen = async (): Promise<void> => {
    if (chosen === null) return;
    const reply = await call('estate.service', { service: chosen });
    if (reply.ok) declareFor(reply.value);
  };
  const toggleMode = (): void => useMap.setState({ mode: mode === 'map' ? 'table' : 'map' });
  const zoom = (factor: number): void => mapView.current?.zoom(factor);
  const pan = (dx: number, dy: number): void => mapView.current?.pan(dx, dy);

  const always: KeyBinding[] = [
    { keys: '/', title: 'Find a service', run: () => searchInput.current?.focus() },
    { keys: 't', title: asTable ? 'Show as map' : 'Show as table', run: toggleMode },
    {
      keys: 'u',
      title: filter.show === 'unhealthy' ? 'Show all services' : 'Show only what is not healthy',
      run: () => setFilter({ show: filter.show === 'unhealthy' ? 'all' : 'unhealthy' }),
    },
    { keys: 'a', title: 'Show all services', run: showEverything },
    { keys: '[', title: 'One hop less', run: () => setFilter({ hops: Math.max(0, filter.hops - 1) }) },
    { keys: ']', title: 'One hop more', run: () => setFilter({ hops: Math.min(MOST_HOPS, filter.hops + 1) }) },
  ];
  const onChosen: KeyBinding[] = [
    { keys: 'f', title: 'Focus on the chosen service', run: focusChosen },
    { keys: 'd', title: 'Declare an incident for the chosen service', run: () => void declareChosen() },
    { keys: 'Escape', title: selected === null ? 'Choose nothing' : 'Close the panel', run: leave },
  ];
  const onMap: KeyBinding[] = [
    { keys: 'l', title: 'Show or hide the legend', run: () => useMap.setState({ legend: !legend }) },
    { keys: '+', title: 'Closer', run: () => zoom(ZOOM) },
    { keys: '=', title: 'Closer', run: () => zoom(ZOOM) },
    { keys: '-', title: 'Further away', run: () => zoom(1 / ZOOM) },
    { keys: '0', title: 'Fit the map', run: () => mapView.current?.fit() },
  ];
  const onCanvas: KeyBinding[] = [
    {
      keys: 'Enter',
      title: current === null ? 'Choose the service in the middle' : 'Open the panel of the chosen service',
      run: enter,
    },
    { keys: 'ArrowRight', title: current === null ? 'Pan right' : 'To what it needs', run: () => step('right') },
    { keys: 'ArrowLeft', title: current === null ? 'Pan left' : 'To what needs it', run: () => step('left') },
    { keys: 'ArrowUp', title: current === null ? 'Pan up' : 'To the one above', run: () => step('up') },
    { keys: 'ArrowDown', title: current === null ? 'Pan down' : 'To the one below', run: () => step('down') },
    { keys: 'shift+ArrowRight', title: 'Pan right', run: () => pan(-PAN, 0) },
    { keys: 'shift+ArrowLeft', title: 'Pan left', run: () => pan(PAN, 0) },
    { keys: 'shift+ArrowUp', title: 'Pan up', run: () => pan(0, PAN) },
    { keys: 'shift+ArrowDown', title: 'Pan down', run: () => pan(0, -PAN) },
  ];
  useKeys('Map', [
    ...always,
    ...(chosen === null ? [] : onChosen),
    ...(asTable ? [] : onMap),
    ...(asTable || beside ? [] : onCanvas),
  ]);
  useCommands([
    {
      id: 'map.unhealthy',
      title: 'Show only what is not healthy',
      hint: 'Map',
      keys: 'u',
      run: () => setFilter({ show: 'unhealthy' }),
    },
    { id: 'map.all', title: 'Show all services', hint: 'Map', keys: 'a', run: showEverything },
    { id: 'map.mode', title: asTable ? 'Show as map' : 'Show as table', hint: 'Map', keys: 't', run: toggleMode },
    ...(asTable
      ? []
      : [{ id: 'map.fit', title: 'Fit the map', hint: 'Map', keys: '0', run: () => mapView.current?.fit() }]),
  ]);

  const filtered = shown.services < graph.services.length;
  const showAll = (
    <Button keys="a" onClick={showEverything}>
      Show all services
    </Button>
  );
  const away = { onFocus: () => setBeside(true), onBlur: () => setBeside(false) };
  return (
    <div ref={root} className={styles.map}>
      <div className={styles.toolbar} {...away}>
        <Search
          graph={graph}
          mask={shown.mask}
          query={query}
          found={found}
          offer={!asTable}
          inputRef={searchInput}
          onQuery={setQuery}
          onPick={(v) => {
            const { id } = graph.services[v]!;
            setQuery('');
            focusStage();
            open(id, false);
            bring(id, true);
          }}
          onLeave={focusStage}
        />
        <Filters graph={graph} filter={filter} chosen={chosen !== null} onFocusChosen={focusChosen} />
        <div className={styles.end}>
          <Choice
            label="View"
            hideLabel
            options={[
              { value: 'map', label: 'Map', hint: 'T' },
              { value: 'table', label: 'Table', hint: 'T' },
            ]}
            value={asTable ? 'table' : 'map'}
            onChange={(next) => useMap.setState({ mode: next })}
          />
          {!asTable && (
            <>
              <IconButton
                label="Legend (L)"
                icon={<Shapes size={16} />}
                aria-pressed={legend}
                onClick={() => useMap.setState({ legend: !legend })}
              />
              <IconButton label="Further away (−)" icon={<Minus size={16} />} onClick={() => zoom(1 / ZOOM)} />
              <IconButton label="Closer (+)" icon={<Plus size={16} />} onClick={() => zoom(ZOOM)} />
              <IconButton label="Fit the map (0)" icon={<Scan size={16} />} onClick={() => mapView.current?.fit()} />
            </>
          )}
        </div>
      </div>
      <CountLine line={line} asOf={graph.asOf} />
      {error !== null && <ErrorLine error={`This was read before an error: ${error.message}`} />}
      {broken !== null && (
        <ErrorLine
          error={`The map cannot be drawn, the table shows the same: ${broken}`}
          onRetry={() => setBroken(null)}
        />
      )}
      <div className={styles.stage}>
        <SplitPane
          id="map"
          label="Service"
          initial={380}
          first={
            asTable ? (
              <ServiceTable
                graph={graph}
                services={rows}
                selected={selected}
                onOpen={(service) => open(service, true)}
                empty={
                  <EmptyState
                    title={query.trim() === '' ? nothingShown(filter) : `No shown service matches “${query.trim()}”.`}
                    action={filtered ? showAll : undefined}
                  />
                }
              />
            ) : (
              <div className={styles.main}>
                {shown.services === 0 && (
                  <output className={styles.notice}>
                    {nothingShown(filter)} {showAll}
                  </output>
                )}
                <MapCanvas
                  onView={(view) => {
                    mapView.current = view;
                  }}
                  casting={casting}
                  live={live}
                  whole={!filtered}
                  frame={filter}
                  emphasis={emphasis}
                  camera={camera !== null && camera.filter === filter ? camera.view : null}
                  label="Dependency map"
                  description={`${line.total}; ${line.showing}${line.hidden === null ? '' : `; ${line.hidden}`}. Enter chooses a service; then right follows what it needs, left what needs it, Enter opens its panel and Escape closes it. T shows the same as a table.`}
                  onPick={(v) => {
                    if (v >= 0) open(casting.cast.ids[v]!, false);
                    else if (chosen !== null) {
                      setCursor(null);
                      replace({});
                    }
                  }}
                  onLaid={bringWanted}
                  onReady={() => setDrawn(true)}
                  onFailed={setBroken}
                  onLeave={(view) => useMap.setState({ camera: { view, filter: useMap.getState().filter } })}
                />
                {legend && <Legend />}
              </div>
            )
          }
          second={
            selected === null ? undefined : (
              <div {...away}>
                <ServicePanel
                  service={selected}
                  hidden={(id) => graph.index.has(id) && !isShown(id)}
                  takeFocus={panelTakesFocus}
                  onOpen={(service) => {
                    open(service, true);
                    if (graph.index.has(service)) bring(service, false);
                  }}
                  onFocus={focusOn}
                  onClose={close}
                />
              </div>
            )
          }
        />
      </div>
      <output className="visually-hidden">{spoken}</output>
    </div>
  );
}

function nothingShown(filter: typeof EVERYTHING): string {
  return filter.show === 'unhealthy' && filter.domain === null && filter.tier === null
    ? 'Every service is healthy.'
    : 'Nothing passes the filter.';
}
