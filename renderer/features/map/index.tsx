/**
 * The dependency map: what does it reach, and where did it start? Invariant: map and table show the same services under the
 * same filter, and the count line accounts for every service and dependency of the estate at all times.
 */
import { Bookmark as BookmarkIcon, Download, GitCompareArrows, History, Minus, Plus, Scan, Shapes } from 'lucide-react';
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { useCommands } from '../../app/commands.ts';
import { useReady } from '../../app/ready.ts';
import { formatTime, formatWhen } from '../../../shared/domain/times.ts';
import type { MapMarks } from '../../../shared/contract/map.ts';
import { CHANGE_WINDOW_MS } from '../../../shared/domain/cause/rank.ts';
import type { Health } from '../../../shared/domain/words.ts';
import { call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { type KeyBinding, useKeys } from '../../state/keys.ts';
import { useNavigation } from '../../state/navigation.ts';
import { useNow } from '../../state/now.ts';
import { useZone } from '../../state/zone.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Choice } from '../../ui/Field.tsx';
import { Bar, Skeleton } from '../../ui/Skeleton.tsx';
import { SplitPane } from '../../ui/SplitPane.tsx';
import { DOMAIN_WORDS, HEALTH_WORDS, KIND_WORDS } from '../../ui/words.ts';
import { type Bookmark, useBookmarks } from './bookmarks.ts';
import { Bookmarks } from './Bookmarks.tsx';
import { CountLine } from './CountLine.tsx';
import type { Emphasis, MapView } from './draw/map-view.ts';
import type { View } from './draw/view.ts';
import { Filters } from './Filters.tsx';
import { GroupPanel } from './GroupPanel.tsx';
import { Legend } from './Legend.tsx';
import styles from './Map.module.css';
import { MapCanvas } from './MapCanvas.tsx';
import { EVERYTHING } from './model/filter.ts';
import { type Graph, toGraph } from './model/graph.ts';
import { type GroupBy, groupNote, groupOf } from './model/grouping.ts';
import { compare, graphAt, notesAt } from './model/history.ts';
import { searchServices, searchText } from './model/search.ts';
import { type Direction, type Trail, nearestTo, walk } from './model/walk.ts';
import { MomentBar, useInstants } from './MomentBar.tsx';
import { Drawing } from './Drawing.tsx';
import { svgOf } from './picture.ts';
import { SavePicture } from './SavePicture.tsx';
import { Search } from './Search.tsx';
import { ServicePanel, declareFor } from './ServicePanel.tsx';
import { ServiceTable } from './ServiceTable.tsx';
import {
  MOST_HOPS,
  type Moment,
  backToNow,
  focusOn,
  groupBy,
  openGroup,
  setFilter,
  showEverything,
  toggleGroup,
  useMap,
} from './state.ts';
import { TreeView } from './TreeView.tsx';
import { useEstate } from './useEstate.ts';
import { useShownGraph } from './useShownGraph.ts';

/** How far a key moves the view, CSS pixels, and by what factor it zooms. */
const PAN = 120;
const ZOOM = 1.3;
/** Matches of a search that are outlined on the map. */
const OUTLINED = 200;

export default function MapScreen() {
  const { map, marks, error } = useEstate();
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
  return <Estate graph={graph} marks={marks} error={error} />;
}

/** A service under the keyboard's cursor, and how it was reached. */
interface Cursor {
  service: string;
  trail: Trail | null;
}

/** The query for what the moment needs of the past; null when that is nothing. */
function useHistory(present: Graph, marks: MapMarks | null) {
  const moment = useMap((state) => state.moment);
  const now = useNow(60_000);
  const instants = useInstants(moment.mode === 'compare', now);
  const [opened, setOpened] = useState({ moment, at: Date.now() });
  const sameSpan =
    opened.moment.mode === moment.mode &&
    (moment.mode !== 'replay' || (opened.moment.mode === 'replay' && opened.moment.hours === moment.hours));
  if (!sameSpan) setOpened({ moment, at: Date.now() });
  const at = moment.mode === 'compare' ? (moment.at ?? instants[0]?.at ?? null) : null;
  const wanted = useMemo(
    () =>
      moment.mode === 'replay'
        ? { from: opened.at - moment.hours * 3_600_000, to: opened.at }
        : at === null
          ? null
          : { from: at, to: at },
    // oxlint-disable-next-line react/exhaustive-deps -- a replay is read once for its span
    [moment.mode, moment.mode === 'replay' ? moment.hours : 0, opened.at, at],
  );
  const { value: history, error } = useQuery('health.history', wanted, []);
  const { value: marksThen } = useQuery(
    'map.marks',
    moment.mode === 'replay' && wanted !== null ? { since: wanted.from - CHANGE_WINDOW_MS } : null,
    [],
  );
  const fits = history !== undefined && wanted !== null && history.to === wanted.to ? history : undefined;
  const shownAt = moment.mode === 'replay' ? (moment.at ?? fits?.to ?? null) : null;
  const graph = useMemo(
    () => (shownAt === null || fits === undefined ? present : graphAt(present, fits, shownAt)),
    [present, fits, shownAt],
  );
  const comparison = useMemo(
    () => (at === null || fits === undefined ? null : compare(present, fits, at)),
    [present, fits, at],
  );
  const changes = (moment.mode === 'replay' ? marksThen : marks)?.changes ?? NO_CHANGES;
  const notesThen = useMemo(
    () => (shownAt === null || fits === undefined ? NOTHING_SAID : notesAt(fits, shownAt)),
    [fits, shownAt],
  );
  return {
    moment,
    graph,
    notesThen,
    comparison,
    changes,
    bar: { history: fits, error, comparison, instants, changes },
  };
}

/** What the boxes say in their second line, where the failing path begins, and what was changed shortly before. */
function useMarks(
  graph: Graph,
  causes: MapMarks['causes'],
  changes: MapMarks['changes'],
  moment: Moment,
  was: ReadonlyMap<string, Health>,
  notesThen: ReadonlyMap<string, string>,
) {
  const zone = useZone();
  // A minute is near enough: what is drawn stays the same object meanwhile.
  const until = Math.ceil(graph.asOf / 60_000) * 60_000;
  const exact = moment.mode === 'replay' ? graph.asOf : until;
  const marks = useMemo(() => {
    const changed = new Map<string, MapMarks['changes'][number]>();
    for (const change of changes)
      if (change.at <= exact && change.at > exact - CHANGE_WINDOW_MS)
        for (const id of change.services) if (!changed.has(id)) changed.set(id, change);
    return { causes, changed: new Set(changed.keys()), change: changed };
  }, [causes, changes, exact]);
  const [notes, remarks] = useMemo(() => {
    const said = new Map<string, string[]>();
    const say = (id: string, words: string): void => void said.set(id, [...(said.get(id) ?? []), words]);
    const asText = (): Map<string, string> => new Map([...said].map(([id, words]) => [id, words.join(' · ')]));
    for (const { id, confirmed } of causes) say(id, confirmed ? 'confirmed cause' : 'probable cause');
    for (const [id, words] of notesThen) say(id, words);
    for (const [id, health] of was) say(id, `was ${HEALTH_WORDS[health]}`);
    for (const [id, { at, title }] of marks.change) say(id, `changed ${formatTime(at, zone)} ${title}`);
    // The lists have their own marks for what follows.
    const besides = asText();
    for (const { id, health } of graph.services) {
      if (health.byHand) say(id, 'by hand');
      else if (health.maintenance) say(id, 'in maintenance');
    }
    return [asText(), besides] as const;
  }, [graph, causes, was, notesThen, marks, zone]);
  return { marks, notes, remarks };
}

const NOTHING_SAID: ReadonlyMap<string, string> = new Map();
const NO_CHANGES: MapMarks['changes'] = [];
const NO_CAUSES: MapMarks['causes'] = [];

const NOTHING: ReadonlyMap<string, Health> = new Map();

function Estate({
  graph: present,
  marks: marked,
  error,
}: {
  graph: Graph;
  marks: MapMarks | null;
  error: { message: string } | null;
}) {
  const { mode, filter, lanes, grouping, legend, anew, camera } = useMap();
  const { moment, graph, notesThen, comparison, changes, bar } = useHistory(present, marked);
  const bookmarks = useBookmarks((state) => state.list);
  const zone = useZone();
  const [dialog, setDialog] = useState<'bookmarks' | 'picture' | null>(null);
  const was = comparison?.was ?? NOTHING;
  // Of the past nobody ranked causes: there the path begins at everything that was hurt.
  const causes = moment.mode === 'replay' ? NO_CAUSES : (marked?.causes ?? NO_CAUSES);
  const { marks, notes, remarks } = useMarks(graph, causes, changes, moment, was, notesThen);
  const { shown, grouped, casting, live, line } = useShownGraph(graph, filter, grouping, lanes, notes, marks, was);
  const { groups } = grouped;
  const asked = useNavigation((state) => state.params['service']);
  const replace = useNavigation((state) => state.replace);
  const selected = asked !== undefined && (graph.index.has(asked) || groups.has(asked)) ? asked : null;

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
  /** Where a bookmark leads, until its layout is there. */
  const returning = useRef<View | null>(null);
  const searchInput = useRef<HTMLInputElement>(null);
  const root = useRef<HTMLDivElement>(null);

  const texts = useMemo(() => searchText(graph), [graph]);
  const found = useMemo(() => searchServices(graph, texts, query), [graph, texts, query]);
  const rows = useMemo(() => found.filter((v) => shown.mask[v]), [found, shown]);
  const asTree = mode === 'tree';
  const asTable = mode !== 'map' || broken !== null;
  const current: Cursor | null =
    selected !== null && cursor?.service !== selected
      ? { service: selected, trail: null }
      : cursor !== null && (graph.index.has(cursor.service) || groups.has(cursor.service))
        ? cursor
        : null;
  const currentService = current?.service ?? null;
  const chosen = selected ?? currentService;
  useReady('map', asTable || drawn);

  /** Whether it passes the filter, and whether it is drawn by itself and not as part of a group. */
  const isShown = (service: string): boolean => {
    const v = graph.index.get(service);
    return v === undefined ? groups.has(service) : shown.mask[v] === 1;
  };
  const isDrawn = (service: string): boolean => {
    const v = grouped.graph.index.get(service);
    return v !== undefined && grouped.mask[v] === 1;
  };
  const groupIdOf = (service: string): string | null => {
    const v = graph.index.get(service);
    return v === undefined || grouping.by === 'none'
      ? null
      : groupOf(graph.services[v]!, grouping.by, (domain) => DOMAIN_WORDS[domain]).id;
  };
  const emphasis = useMemo(
    (): Emphasis => ({
      current: currentService,
      selected,
      found: query.trim() === '' ? [] : found.slice(0, OUTLINED).map((v) => graph.services[v]!.id),
      worse: comparison?.worse ?? [],
      better: comparison?.better ?? [],
    }),
    [graph, currentService, selected, query, found, comparison],
  );

  const focusStage = (): void =>
    root.current
      ?.querySelector<HTMLElement>('[data-testid=map-canvas], [role=tree], [role=grid] [role=row][tabindex="0"]')
      ?.focus();

  /** Brings a service into view: now, or as soon as the layout that shows it is there. */
  const bring = (service: string, close: boolean): void => {
    if (!isShown(service)) focusOn(service);
    const group = isDrawn(service) ? null : groupIdOf(service);
    if (group !== null) openGroup(group);
    wanted.current = { service, close };
    bringWanted();
  };
  const laid = (): void => {
    if (returning.current !== null) mapView.current?.restore(returning.current);
    returning.current = null;
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

  /** What had the focus may be gone with the view that it stood in: then the keys go to the one that took its place. */
  const keepKeys = useEffectEvent(() => {
    const lost = (): boolean => document.activeElement === null || document.activeElement === document.body;
    if (lost()) focusStage();
    // A table draws its rows a frame later.
    if (lost()) requestAnimationFrame(() => lost() && focusStage());
  });
  useEffect(() => keepKeys(), [mode]);

  /** A service that another screen asked for is brought into view; one that was chosen here is there already. */
  const arrive = useEffectEvent((service: string) => {
    if (moved.current !== service) bring(service, true);
    moved.current = null;
  });
  useEffect(() => {
    if (selected !== null) arrive(selected);
  }, [selected]);

  const position = (v: number): { x: number; y: number } =>
    mapView.current?.place(grouped.graph.services[v]!.id) ?? { x: 0, y: 0 };
  const speak = (v: number, place = ''): void => {
    const { id, name, health, kind, tier } = grouped.graph.services[v]!;
    const group = groups.get(id);
    if (group !== undefined) {
      setSpoken(`${name}, group, ${groupNote(group, (word) => HEALTH_WORDS[word])}${place}`);
      return;
    }
    setSpoken(
      `${name}, ${HEALTH_WORDS[health.health]}, ${KIND_WORDS[kind]}, ${tier === null ? 'no tier' : `tier ${tier}`}${place}`,
    );
  };
  const step = (direction: Direction): void => {
    if (current === null || !isDrawn(current.service)) {
      const [dx, dy] = { left: [PAN, 0], right: [-PAN, 0], up: [0, PAN], down: [0, -PAN] }[direction] as [
        number,
        number,
      ];
      mapView.current?.pan(dx, dy);
      return;
    }
    const next = walk(
      grouped.graph,
      grouped.mask,
      position,
      grouped.graph.index.get(current.service)!,
      direction,
      current.trail,
    );
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
    const { id } = grouped.graph.services[next.service]!;
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
    const nearest = middle ? nearestTo(grouped.mask, position, middle) : null;
    if (nearest === null) return;
    setCursor({ service: grouped.graph.services[nearest]!.id, trail: null });
    bring(grouped.graph.services[nearest]!.id, false);
    speak(nearest);
  };
  const leave = (): void => {
    if (selected === null) setCursor(null);
    close();
  };
  const focusChosen = (): void => {
    if (chosen !== null && graph.index.has(chosen)) focusOn(chosen);
  };
  /** A closed group shows its services; a service goes back into its group. */
  const fold = (): void => {
    if (chosen === null) return;
    const group = groups.has(chosen) ? chosen : groupIdOf(chosen);
    if (group === null) return;
    toggleGroup(group);
    if (groups.has(chosen)) {
      setCursor(null);
      if (selected !== null) close();
    } else {
      setCursor({ service: group, trail: null });
      if (selected !== null) replace({});
      wanted.current = { service: group, close: false };
    }
  };
  const goTo = (bookmark: Bookmark): void => {
    setDialog(null);
    const { filter: next, lanes: across, grouping: together, view } = bookmark;
    useMap.setState({
      mode: 'map',
      filter: next,
      lanes: across,
      grouping: together,
      camera: view === null ? null : { view, filter: next },
    });
    const service = bookmark.service;
    replace(service !== null && graph.index.has(service) ? { service } : {});
    moved.current = service;
    returning.current = view;
    if (view !== null) mapView.current?.restore(view);
  };
  const pictureTitle = (): string =>
    `${line.total}, ${line.showing}${line.hidden === null ? '' : `, ${line.hidden}`}, as of ${formatWhen(graph.asOf, zone, present.asOf)}`;
  const declareChosen = async (): Promise<void> => {
    if (chosen === null || !graph.index.has(chosen)) return;
    const reply = await call('estate.service', { service: chosen });
    if (reply.ok) declareFor(reply.value);
  };
  const toggleMode = (): void => useMap.setState({ mode: mode === 'map' ? 'table' : 'map' });
  const toggleTree = (): void => useMap.setState({ mode: mode === 'tree' ? 'map' : 'tree' });
  const toggleReplay = (): void =>
    moment.mode === 'replay' ? backToNow() : useMap.setState({ moment: { mode: 'replay', at: null, hours: 6 } });
  const toggleCompare = (): void =>
    moment.mode === 'compare' ? backToNow() : useMap.setState({ moment: { mode: 'compare', at: null } });
  const arrangeAnew = (): void => useMap.setState({ anew: anew + 1 });
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
    { keys: 'y', title: asTree ? 'Show as map' : 'Show as tree', run: toggleTree },
    { keys: 'r', title: 'Replay health over time', run: toggleReplay },
    { keys: 'c', title: 'Compare with when an incident was declared', run: toggleCompare },
    { keys: 'b', title: 'Bookmarks', run: () => setDialog('bookmarks') },
    ...bookmarks.slice(0, 9).map((bookmark, index) => ({
      keys: String(index + 1),
      title: `To “${bookmark.name}”`,
      run: () => goTo(bookmark),
    })),
    { keys: '[', title: 'One hop less', run: () => setFilter({ hops: Math.max(0, filter.hops - 1) }) },
    { keys: ']', title: 'One hop more', run: () => setFilter({ hops: Math.min(MOST_HOPS, filter.hops + 1) }) },
  ];
  const onChosen: KeyBinding[] = [
    { keys: 'f', title: 'Focus on the chosen service', run: focusChosen },
    ...(grouping.by === 'none' || asTable
      ? []
      : [
          {
            keys: 'o',
            title: groups.has(chosen ?? '') ? 'Show the services of the group' : 'Put the service back into its group',
            run: fold,
          },
        ]),
    { keys: 'd', title: 'Declare an incident for the chosen service', run: () => void declareChosen() },
    { keys: 'Escape', title: selected === null ? 'Choose nothing' : 'Close the panel', run: leave },
  ];
  const onMap: KeyBinding[] = [
    { keys: 'e', title: 'Save a picture', run: () => setDialog('picture') },
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
    { id: 'map.tree', title: 'Show as tree', hint: 'Map', keys: 'y', run: toggleTree },
    { id: 'map.replay', title: 'Replay health over time', hint: 'Map', keys: 'r', run: toggleReplay },
    {
      id: 'map.compare',
      title: 'Compare with when an incident was declared',
      hint: 'Map',
      keys: 'c',
      run: toggleCompare,
    },
    { id: 'map.bookmarks', title: 'Bookmarks of the map', hint: 'Map', keys: 'b', run: () => setDialog('bookmarks') },
    { id: 'map.anew', title: 'Arrange the map anew', hint: 'Map', run: arrangeAnew },
    ...(['domain', 'system', 'team', 'region'] as const).map((by: GroupBy) => ({
      id: `map.group.${by}`,
      title: `Group the map by ${by}`,
      hint: 'Map',
      run: () => groupBy(by),
    })),
    { id: 'map.group.none', title: 'Show the map without groups', hint: 'Map', run: () => groupBy('none') },
    ...(asTable
      ? []
      : [
          {
            id: 'map.picture',
            title: 'Save a picture of the map',
            hint: 'Map',
            keys: 'e',
            run: () => setDialog('picture'),
          },
        ]),
    ...(asTable
      ? []
      : [{ id: 'map.fit', title: 'Fit the map', hint: 'Map', keys: '0', run: () => mapView.current?.fit() }]),
  ]);

  const filtered = shown.services < graph.services.length;
  const arrangement = useMemo(
    () => ({ key: [lanes, grouping.by, ...grouping.open].join(' '), whole: !filtered, anew }),
    [lanes, grouping, filtered, anew],
  );
  /** Another one when the view should be fitted anew. */
  const frame = useMemo(() => ({ filter, lanes, by: grouping.by, anew }), [filter, lanes, grouping.by, anew]);
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
        <Filters
          graph={graph}
          lanes={lanes}
          grouping={grouping}
          filter={filter}
          chosen={chosen !== null && graph.index.has(chosen)}
          onFocusChosen={focusChosen}
        />
        <div className={styles.end}>
          <Choice
            label="View"
            hideLabel
            options={[
              { value: 'map', label: 'Map', hint: 'T' },
              { value: 'tree', label: 'Tree', hint: 'Y' },
              { value: 'table', label: 'Table', hint: 'T' },
            ]}
            value={asTree ? 'tree' : asTable ? 'table' : 'map'}
            onChange={(next) => useMap.setState({ mode: next })}
          />
          <IconButton
            label="Replay health over time (R)"
            icon={<History size={16} />}
            aria-pressed={moment.mode === 'replay'}
            onClick={toggleReplay}
          />
          <IconButton
            label="Compare with when an incident was declared (C)"
            icon={<GitCompareArrows size={16} />}
            aria-pressed={moment.mode === 'compare'}
            onClick={toggleCompare}
          />
          <IconButton label="Bookmarks (B)" icon={<BookmarkIcon size={16} />} onClick={() => setDialog('bookmarks')} />
          {!asTable && (
            <>
              <IconButton
                label="Save a picture (E)"
                icon={<Download size={16} />}
                onClick={() => setDialog('picture')}
              />
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
      {moment.mode !== 'now' && (
        <div {...away}>
          <MomentBar moment={moment} graph={graph} onlyChanged={filter.show === 'changed'} {...bar} />
        </div>
      )}
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
            asTree && broken === null ? (
              <TreeView
                graph={graph}
                mask={shown.mask}
                services={rows}
                grouping={grouping}
                remarks={remarks}
                selected={selected}
                onOpen={(service) => open(service, true)}
                empty={<EmptyState title={nothingShown(filter)} action={filtered ? showAll : undefined} />}
              />
            ) : asTable ? (
              <ServiceTable
                graph={graph}
                services={rows}
                remarks={remarks}
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
                {!drawn && shown.services > 0 && <Drawing services={shown.services} />}
                <MapCanvas
                  onView={(view) => {
                    mapView.current = view;
                  }}
                  casting={casting}
                  live={live}
                  arrangement={arrangement}
                  frame={frame}
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
                  onLaid={laid}
                  onReady={() => setDrawn(true)}
                  onFailed={setBroken}
                  onLeave={(view) =>
                    useMap.setState({ camera: view === null ? null : { view, filter: useMap.getState().filter } })
                  }
                />
                {legend && <Legend causes={causes} />}
              </div>
            )
          }
          second={
            selected === null ? undefined : (
              <div {...away}>
                {groups.has(selected) ? (
                  <GroupPanel
                    graph={graph}
                    group={groups.get(selected)!}
                    takeFocus={panelTakesFocus}
                    onOpen={(service) => {
                      open(service, true);
                      bring(service, false);
                    }}
                    onUnfold={fold}
                    onClose={close}
                  />
                ) : (
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
                )}
              </div>
            )
          }
        />
      </div>
      <output className="visually-hidden">{spoken}</output>
      <Bookmarks
        open={dialog === 'bookmarks'}
        current={() => ({ filter, lanes, grouping, view: mapView.current?.view ?? null, service: selected })}
        onGo={goTo}
        onClose={() => setDialog(null)}
      />
      <SavePicture
        open={dialog === 'picture'}
        picture={() => {
          const scene = mapView.current?.scene ?? null;
          return scene === null ? null : svgOf(scene, pictureTitle());
        }}
        onClose={() => setDialog(null)}
      />
    </div>
  );
}

function nothingShown(filter: typeof EVERYTHING): string {
  return filter.show === 'unhealthy' && filter.domain === null && filter.tier === null
    ? 'Every service is healthy.'
    : 'Nothing passes the filter.';
}
