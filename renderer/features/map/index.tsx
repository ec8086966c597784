/**
 * The dependency map: what does it reach, and where did it start? Invariant: map and table show the same services under the
 * same filter, and the count line accounts for every service and dependency of the estate at all times.
 */
import { Minus, Plus, Scan } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Domain } from '../../../shared/domain/words.ts';
import { useCommands } from '../../app/commands.ts';
import { useReady } from '../../app/ready.ts';
import { call } from '../../bridge/client.ts';
import { useKeys } from '../../state/keys.ts';
import { useNavigation } from '../../state/navigation.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Choice } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { Bar, Skeleton } from '../../ui/Skeleton.tsx';
import { SplitPane } from '../../ui/SplitPane.tsx';
import { DOMAIN_WORDS, HEALTH_WORDS, KIND_WORDS } from '../../ui/words.ts';
import { CountLine } from './CountLine.tsx';
import type { Emphasis, MapView } from './draw/map-view.ts';
import { Legend } from './Legend.tsx';
import styles from './Map.module.css';
import { MapCanvas } from './MapCanvas.tsx';
import { castOf, liveOf } from './model/cast.ts';
import { countLine } from './model/count-line.ts';
import { EVERYTHING, type Filter, applyFilter, describeFilter } from './model/filter.ts';
import { type Graph, toGraph } from './model/graph.ts';
import { failingPath } from './model/path.ts';
import { searchServices, searchText } from './model/search.ts';
import { type Direction, type Trail, nearestTo, walk } from './model/walk.ts';
import { Search } from './Search.tsx';
import { ServicePanel, declareFor } from './ServicePanel.tsx';
import { ServiceTable } from './ServiceTable.tsx';
import { focusOn, setFilter, useMap } from './state.ts';
import { useEstate } from './useEstate.ts';

const MOST_HOPS = 6;
/** How far a key moves the view, CSS pixels, and by what factor it zooms. */
const PAN = 120;
const ZOOM = 1.3;

export default function MapScreen() {
  const { map, error } = useEstate();
  const go = useNavigation((state) => state.go);
  const graph = useMemo(() => (map === undefined ? undefined : toGraph(map)), [map]);
  useReady('map', graph !== undefined && graph.services.length === 0);

  if (graph === undefined) {
    return error === null ? (
      <Skeleton>
        <Bar height={32} />
        <Bar width={60} />
        <Bar height={480} />
      </Skeleton>
    ) : (
      <ErrorLine error={error} />
    );
  }
  if (graph.services.length === 0) {
    return (
      <EmptyState
        size="page"
        title="No service is known yet."
        text="Import the catalog of your services: then the map shows how they depend on each other, and what is hurt."
        action={
          <Button variant="primary" autoFocus onClick={() => go('estate', { do: 'import' })}>
            Import catalog
          </Button>
        }
      />
    );
  }
  return <Estate graph={graph} error={error} />;
}

const DOMAINS = Object.keys(DOMAIN_WORDS) as Domain[];

function Estate({ graph, error }: { graph: Graph; error: { message: string } | null }) {
  const { mode, filter, legend, camera } = useMap();
  const params = useNavigation((state) => state.params);
  const replace = useNavigation((state) => state.replace);
  const selected = params['service'] !== undefined && graph.index.has(params['service']) ? params['service'] : null;

  const [query, setQuery] = useState('');
  const [hover, setHover] = useState<string | null>(null);
  const [current, setCurrent] = useState<{ service: string; trail: Trail | null } | null>(null);
  const [spoken, setSpoken] = useState('');
  const [panelFocus, setPanelFocus] = useState(false);
  const [focusIn, setFocusIn] = useState<'map' | 'beside'>('map');
  const [version, setVersion] = useState(0);
  const [broken, setBroken] = useState<string | null>(null);
  const mapView = useRef<MapView>(null);
  const searchInput = useRef<HTMLInputElement>(null);
  const root = useRef<HTMLDivElement>(null);

  const structure = useStructure(graph);
  const shown = useMemo(() => applyFilter(graph, filter), [graph, filter]);
  const maskKey = useMaskKey(shown.mask);
  const casting = useMemo(() => castOf(structure, maskKey), [structure, maskKey]);
  const path = useMemo(() => failingPath(graph), [graph]);
  const live = useMemo(() => liveOf(graph, casting, path), [graph, casting, path]);
  const texts = useMemo(() => searchText(graph), [graph]);
  const found = useMemo(() => searchServices(graph, texts, query), [graph, texts, query]);
  const words = describeFilter(filter, graph, (domain) => DOMAIN_WORDS[domain]);
  const line = useMemo(() => countLine(graph, shown, words, (health) => HEALTH_WORDS[health]), [graph, shown, words]);
  const asTable = mode === 'table' || broken !== null;
  useReady('map', asTable || version > 0);

  const member = useCallback(
    (id: string | null): number => {
      const v = id === null ? undefined : graph.index.get(id);
      return v === undefined ? -1 : casting.memberOf[v]!;
    },
    [graph, casting],
  );
  const emphasis = useMemo((): Emphasis => {
    const searched = query.trim() === '' ? [] : found.slice(0, 200).map((v) => casting.memberOf[v]!).filter((v) => v >= 0);
    return { hover: member(hover), current: member(current?.service ?? null), selected: member(selected), found: searched };
    // A new layout (version) drops the emphasis of the one before.
  }, [member, hover, current, selected, query, found, casting, version]);

  const focusCanvas = (): void => root.current?.querySelector<HTMLElement>('[data-testid=map-canvas], [role=grid] [role=row][tabindex="0"]')?.focus();
  const open = (service: string, takeFocus: boolean): void => {
    setPanelFocus(takeFocus);
    replace({ service });
    setCurrent((now) => (now?.service === service ? now : { service, trail: null }));
  };
  const close = (): void => {
    replace({});
    focusCanvas();
  };
  const reveal = (service: string): void => {
    const v = graph.index.get(service);
    if (v === undefined) return;
    if (!shown.mask[v]) focusOn(service);
    open(service, false);
  };

  // A service that was asked for from another screen is brought into view, also when the filter of before hides it.
  useEffect(() => {
    if (selected === null) return;
    const v = graph.index.get(selected)!;
    if (!shown.mask[v]) focusOn(selected);
    setCurrent((now) => (now?.service === selected ? now : { service: selected, trail: null }));
  }, [selected]);
  useEffect(() => {
    const v = member(current?.service ?? null);
    if (v >= 0 && version > 0) mapView.current?.show(v, current?.trail === null);
  }, [current, version > 0, member]);

  const position = (v: number): { x: number; y: number } => {
    const layout = mapView.current?.scene?.layout;
    const at = casting.memberOf[v]!;
    return layout && at >= 0 && at < layout.x.length ? { x: layout.x[at]!, y: layout.y[at]! } : { x: 0, y: 0 };
  };
  const step = (direction: Direction): void => {
    const from = current === null ? undefined : graph.index.get(current.service);
    if (from === undefined || !shown.mask[from]) {
      const way = { left: [PAN, 0], right: [-PAN, 0], up: [0, PAN], down: [0, -PAN] }[direction];
      mapView.current?.pan(way[0]!, way[1]!);
      return;
    }
    const next = walk(graph, shown.mask, position, from, direction, current!.trail);
    if (next === null) {
      setSpoken({ right: 'It needs nothing that is shown.', left: 'Nothing that is shown needs it.', up: 'First.', down: 'Last.' }[direction]);
      return;
    }
    const service = graph.services[next.service]!;
    setCurrent({ service: service.id, trail: next.trail });
    if (selected !== null) open(service.id, false);
    setSpoken(
      `${service.name}, ${HEALTH_WORDS[service.health.health]}, ${KIND_WORDS[service.kind]}, ${service.tier === null ? 'no tier' : `tier ${service.tier}`}, ${next.place} of ${next.of}`,
    );
  };
  const start = (): void => {
    if (current !== null) {
      open(current.service, true);
      return;
    }
    const middle = mapView.current?.middle();
    const nearest = middle ? nearestTo(shown.mask, position, middle) : null;
    if (nearest === null) return;
    const service = graph.services[nearest]!;
    setCurrent({ service: service.id, trail: null });
    setSpoken(`${service.name}, ${HEALTH_WORDS[service.health.health]}`);
  };
  const toggleMode = (): void => {
    useMap.setState({ mode: mode === 'map' ? 'table' : 'map' });
    setHover(null);
  };
  const toggleUnhealthy = (): void => setFilter({ show: filter.show === 'unhealthy' ? 'all' : 'unhealthy' });
  const focusHere = (): void => {
    const service = current?.service ?? selected;
    if (service !== null && service !== undefined) focusOn(service);
  };
  const declareHere = async (): Promise<void> => {
    const service = selected ?? current?.service;
    if (service === undefined || service === null) return;
    const reply = await call('estate.service', { service });
    if (reply.ok) declareFor(reply.value);
  };
  const pan = (dx: number, dy: number) => () => mapView.current?.pan(dx, dy);
  const chosen = current !== null || selected !== null;
  const filtered = filter !== EVERYTHING && words !== '';

  useKeys('Map', [
    { keys: '/', title: 'Find a service', run: () => searchInput.current?.select() ?? searchInput.current?.focus() },
    { keys: 't', title: asTable ? 'Show as map' : 'Show as table', run: toggleMode },
    { keys: 'u', title: filter.show === 'unhealthy' ? 'Show all services' : 'Show only what is not healthy', run: toggleUnhealthy },
    { keys: 'a', title: 'Show all services', run: () => setFilter(EVERYTHING) },
    { keys: '[', title: 'One hop less', run: () => setFilter({ hops: Math.max(0, filter.hops - 1) }) },
    { keys: ']', title: 'One hop more', run: () => setFilter({ hops: Math.min(MOST_HOPS, filter.hops + 1) }) },
    ...(chosen
      ? [
          { keys: 'f', title: 'Focus on the chosen service', run: focusHere },
          { keys: 'd', title: 'Declare an incident for the chosen service', run: () => void declareHere() },
        ]
      : []),
    ...(chosen
      ? [
          {
            keys: 'Escape',
            title: selected === null ? 'Choose nothing' : 'Close the panel',
            run: () => {
              if (selected === null) setCurrent(null);
              close();
            },
          },
        ]
      : []),
    ...(asTable
      ? []
      : [
          { keys: 'l', title: 'Show or hide the legend', run: () => useMap.setState({ legend: !legend }) },
          { keys: '+', title: 'Closer', run: () => mapView.current?.zoom(ZOOM) },
          { keys: '=', title: 'Closer', run: () => mapView.current?.zoom(ZOOM) },
          { keys: '-', title: 'Further away', run: () => mapView.current?.zoom(1 / ZOOM) },
          { keys: '0', title: 'Fit the map', run: () => mapView.current?.fit() },
        ]),
    ...(asTable || focusIn !== 'map'
      ? []
      : [
          { keys: 'Enter', title: current === null ? 'Choose the service in the middle' : 'Open the panel of the chosen service', run: start },
          { keys: 'ArrowRight', title: current === null ? 'Pan right' : 'To what it needs', run: () => step('right') },
          { keys: 'ArrowLeft', title: current === null ? 'Pan left' : 'To what needs it', run: () => step('left') },
          { keys: 'ArrowUp', title: current === null ? 'Pan up' : 'To the one above', run: () => step('up') },
          { keys: 'ArrowDown', title: current === null ? 'Pan down' : 'To the one below', run: () => step('down') },
          { keys: 'shift+ArrowRight', title: 'Pan right', run: pan(-PAN, 0) },
          { keys: 'shift+ArrowLeft', title: 'Pan left', run: pan(PAN, 0) },
          { keys: 'shift+ArrowUp', title: 'Pan up', run: pan(0, PAN) },
          { keys: 'shift+ArrowDown', title: 'Pan down', run: pan(0, -PAN) },
        ]),
  ]);
  useCommands([
    { id: 'map.unhealthy', title: 'Show only what is not healthy', hint: 'Map', keys: 'u', run: () => setFilter({ show: 'unhealthy' }) },
    { id: 'map.all', title: 'Show all services', hint: 'Map', keys: 'a', run: () => setFilter(EVERYTHING) },
    { id: 'map.mode', title: asTable ? 'Show as map' : 'Show as table', hint: 'Map', keys: 't', run: toggleMode },
    ...(asTable ? [] : [{ id: 'map.fit', title: 'Fit the map', hint: 'Map', keys: '0', run: () => mapView.current?.fit() }]),
  ]);

  const rows = useMemo(() => found.filter((v) => shown.mask[v]), [found, shown]);
  const spokenCount = `${line.total}; ${line.showing}${line.hidden === null ? '' : `; ${line.hidden}`}${line.hurt.map(({ text }) => `, ${text}`).join('')}.`;
  const nothing = shown.services === 0;
  const panel = selected !== null && (
    <div onFocus={() => setFocusIn('beside')} onBlur={() => setFocusIn('map')}>
      <ServicePanel
        service={selected}
        hidden={(id) => {
          const v = graph.index.get(id);
          return v !== undefined && !shown.mask[v];
        }}
        takeFocus={panelFocus}
        onOpen={(service) => {
          const v = graph.index.get(service);
          if (v !== undefined && !shown.mask[v]) focusOn(service);
          open(service, true);
        }}
        onFocus={focusOn}
        onClose={close}
      />
    </div>
  );

  return (
    <div ref={root} className={styles.map}>
      <div className={styles.toolbar} onFocus={() => setFocusIn('beside')} onBlur={() => setFocusIn('map')}>
        <Search
          graph={graph}
          mask={shown.mask}
          query={query}
          found={found}
          offer={!asTable}
          inputRef={searchInput}
          onQuery={setQuery}
          onPick={(v) => {
            reveal(graph.services[v]!.id);
            setQuery('');
            focusCanvas();
          }}
          onLeave={focusCanvas}
        />
        <Filters graph={graph} filter={filter} chosen={chosen} onFocusChosen={focusHere} />
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
              <IconButton label="Further away (−)" icon={<Minus size={16} />} onClick={() => mapView.current?.zoom(1 / ZOOM)} />
              <IconButton label="Closer (+)" icon={<Plus size={16} />} onClick={() => mapView.current?.zoom(ZOOM)} />
              <IconButton label="Fit the map (0)" icon={<Scan size={16} />} onClick={() => mapView.current?.fit()} />
            </>
          )}
        </div>
      </div>
      <CountLine line={line} asOf={graph.asOf} />
      {error !== null && <ErrorLine error={`This was read before an error: ${error.message}`} />}
      {broken !== null && <ErrorLine error={`The map cannot be drawn, the table shows the same: ${broken}`} onRetry={() => setBroken(null)} />}
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
                    title={query.trim() === '' ? 'Nothing passes the filter.' : `No shown service matches “${query.trim()}”.`}
                    action={filtered ? <Button keys="a" onClick={() => setFilter(EVERYTHING)}>Show all services</Button> : undefined}
                  />
                }
              />
            ) : (
              <div className={styles.main}>
                {nothing && (
                  <div className={styles.notice} role="status">
                    {filter.show === 'unhealthy' && filter.domain === null && filter.tier === null ? 'Every service is healthy.' : 'Nothing passes the filter.'}
                    <div className={styles.noticeActions}>
                      <Button keys="a" onClick={() => setFilter(EVERYTHING)}>
                        Show all services
                      </Button>
                    </div>
                  </div>
                )}
                <MapCanvas
                  view={mapView}
                  casting={casting}
                  live={live}
                  whole={shown.services === graph.services.length}
                  frame={filter}
                  emphasis={emphasis}
                  camera={camera !== null && camera.filter === filter ? camera.view : null}
                  label="Dependency map"
                  description={`${spokenCount} Enter chooses a service, then arrow keys follow what it needs and what needs it, Enter opens its panel, Escape closes it. T shows the same as a table.`}
                  onHover={(v) => setHover(v < 0 ? null : casting.cast.ids[v]!)}
                  onPick={(v) => {
                    if (v >= 0) open(casting.cast.ids[v]!, false);
                    else {
                      setCurrent(null);
                      if (selected !== null) replace({});
                    }
                  }}
                  onReady={() => setVersion((now) => now + 1)}
                  onFailed={setBroken}
                  onLeave={(view) => useMap.setState({ camera: { view, filter: useMap.getState().filter } })}
                />
                {legend && <Legend />}
              </div>
            )
          }
          second={panel || undefined}
        />
      </div>
      <p className="visually-hidden" role="status">
        {spoken}
      </p>
    </div>
  );
}

function Filters({ graph, filter, chosen, onFocusChosen }: { graph: Graph; filter: Filter; chosen: boolean; onFocusChosen(): void }) {
  const focused = filter.focus === null ? undefined : graph.index.get(filter.focus);
  const offersFocus = chosen || focused !== undefined;
  const near = filter.show !== 'all';
  return (
    <>
      <Choice
        label="Show"
        hideLabel
        options={[
          { value: 'all' as const, label: 'All', hint: 'A' },
          { value: 'unhealthy' as const, label: 'Not healthy', hint: 'U' },
          ...(offersFocus ? [{ value: 'focus' as const, label: focused === undefined ? 'Focus' : `Focus: ${short(graph.services[focused]!.name)}`, hint: 'F' }] : []),
        ]}
        value={filter.show}
        onChange={(show) => {
          if (show === 'focus' && focused === undefined) onFocusChosen();
          else setFilter({ show });
        }}
      />
      <div className={styles.hops} role="group" aria-label="Hops" data-off={near ? undefined : ''}>
        <IconButton label="One hop less ([)" icon={<Minus size={14} />} disabled={!near || filter.hops === 0} onClick={() => setFilter({ hops: filter.hops - 1 })} />
        <output>
          {filter.hops} {filter.hops === 1 ? 'hop' : 'hops'}
        </output>
        <IconButton label="One hop more (])" icon={<Plus size={14} />} disabled={!near || filter.hops === MOST_HOPS} onClick={() => setFilter({ hops: filter.hops + 1 })} />
      </div>
      <Select
        label="Domain"
        hideLabel
        options={[{ value: 'all', label: 'All domains' }, ...DOMAINS.map((domain) => ({ value: domain as string, label: DOMAIN_WORDS[domain] })), { value: 'none', label: 'No domain' }]}
        value={filter.domain ?? 'all'}
        onChange={(domain) => setFilter({ domain: domain === 'all' ? null : (domain as Domain | 'none') })}
      />
      <Select
        label="Tier"
        hideLabel
        options={[
          { value: 'all', label: 'All tiers' },
          { value: '1', label: 'Tier 1' },
          { value: '2', label: 'Tier 2' },
          { value: '3', label: 'Tier 3' },
          { value: 'none', label: 'No tier' },
        ]}
        value={filter.tier === null ? 'all' : String(filter.tier)}
        onChange={(tier) => setFilter({ tier: tier === 'all' ? null : tier === 'none' ? 'none' : (Number(tier) as 1 | 2 | 3) })}
      />
    </>
  );
}

const short = (name: string): string => (name.length > 22 ? `${name.slice(0, 21)}…` : name);

/** The graph as long as only its health changed: the same object, so that nothing is laid out again. */
function useStructure(graph: Graph): Graph {
  const kept = useRef(graph);
  if (kept.current !== graph && !sameStructure(kept.current, graph)) kept.current = graph;
  return kept.current;
}

function sameStructure(a: Graph, b: Graph): boolean {
  return (
    a.services.length === b.services.length &&
    a.dependencies.length === b.dependencies.length &&
    a.services.every((service, i) => {
      const other = b.services[i]!;
      return service.id === other.id && service.name === other.name && service.kind === other.kind && service.domain === other.domain && service.tier === other.tier;
    }) &&
    a.dependencies.every((dependency, i) => {
      const other = b.dependencies[i]!;
      return dependency.from === other.from && dependency.to === other.to && dependency.strength === other.strength && dependency.mode === other.mode;
    })
  );
}

/** The mask as long as it shows the same: the same object. */
function useMaskKey(mask: Uint8Array): Uint8Array {
  const kept = useRef(mask);
  if (kept.current !== mask && (kept.current.length !== mask.length || mask.some((shown, v) => shown !== kept.current[v]))) kept.current = mask;
  return kept.current;
}
