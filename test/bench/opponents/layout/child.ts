/**
 * Lays one graph out with one program: `child.ts PROGRAM SERVICES`. Prints "ready" after it has laid a graph of 200 out once, so that all
 * start equally warm, "laid" when it is done, then one JSON line with the time and the lines that it drew. Its parent kills it when it takes too long.
 */
import { createRequire } from 'node:module';
import { type LayoutInput, type MapLayout, SIZES, layoutMap } from '../../../../shared/domain/layout/layout.ts';
import { inventEstate } from '../../../support/estate-graph.ts';
import { layoutInput } from '../../../support/layouts.ts';
import { type Line, type Quality, quality } from './quality.ts';

export type Program = 'holdfast' | 'elk' | 'elk-fastest' | 'dagre';

export interface LaidOut {
  /** The first time that it laid this graph out, and the median of the times after, when it was quick enough to be asked again. */
  firstMs: number;
  ms: number;
  quality: Quality;
}

interface ElkGraph {
  id: string;
  layoutOptions?: Record<string, string>;
  children: { id: string; width: number; height: number }[];
  edges: { id: string; sources: string[]; targets: string[]; sections?: ElkSection[] }[];
}

interface ElkSection {
  startPoint: Point;
  bendPoints?: Point[];
  endPoint: Point;
}

interface Point {
  x: number;
  y: number;
}

interface DagreGraph {
  setGraph(options: object): void;
  setDefaultEdgeLabel(label: () => object): void;
  setNode(id: string, size: { width: number; height: number }): void;
  setEdge(from: string, to: string, label: object, name: string): void;
  edge(key: object): { points: Point[] };
  edges(): object[];
}

/** Who is done within this time is asked again, ms, up to so many times: what takes half a minute warms itself, what takes a blink does not. */
const AGAIN_BELOW = 3000;
const REPEATS = 11;
const HALF_WIDTH = SIZES.width / 2;
/** Above this many services crossings are not counted: there are millions. */
const COUNTED = 1000;
/** Dependencies per service. */
const DENSITY = 3;

const opponent = createRequire(new URL('../package.json', import.meta.url));

const programs: Record<Program, (input: LayoutInput) => Promise<() => Line[]>> = {
  holdfast: (input) => {
    const layout = layoutMap(input);
    return Promise.resolve(() => ownLines(input, layout));
  },
  elk: (input) => elk(input, {}),
  'elk-fastest': (input) =>
    elk(input, { 'elk.layered.thoroughness': '1', 'elk.layered.nodePlacement.strategy': 'SIMPLE' }),
  dagre: (input) => {
    const { graphlib, layout } = opponent('@dagrejs/dagre') as {
      graphlib: { Graph: new (options: object) => DagreGraph };
      layout(graph: DagreGraph): void;
    };
    const graph = new graphlib.Graph({ multigraph: true });
    graph.setGraph({ rankdir: 'LR' });
    graph.setDefaultEdgeLabel(() => ({}));
    input.nodes.forEach((_, i) => graph.setNode(String(i), { width: SIZES.width, height: SIZES.height }));
    input.from.forEach((from, e) => graph.setEdge(String(from), String(input.to[e]), {}, String(e)));
    layout(graph);
    return Promise.resolve(() => graph.edges().map((key) => graph.edge(key).points.map(({ x, y }) => [x, y])));
  },
};

async function elk(input: LayoutInput, options: Record<string, string>): Promise<() => Line[]> {
  const Elk = opponent('elkjs/lib/elk.bundled.js') as new () => { layout(graph: ElkGraph): Promise<ElkGraph> };
  const laid = await new Elk().layout({
    id: 'map',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.edgeRouting': 'POLYLINE',
      ...options,
    },
    children: input.nodes.map((_, i) => ({ id: `n${i}`, width: SIZES.width, height: SIZES.height })),
    edges: Array.from(input.from, (from, e) => ({
      id: `e${e}`,
      sources: [`n${from}`],
      targets: [`n${input.to[e]!}`],
    })),
  });
  return () =>
    laid.edges.flatMap(({ sections = [] }) =>
      sections.map(({ startPoint, bendPoints = [], endPoint }) =>
        [startPoint, ...bendPoints, endPoint].map(({ x, y }): [number, number] => [x, y]),
      ),
    );
}

/** Every dependency from end to end, along the trunks that it joins: nothing is counted less because lines run together. */
function ownLines(input: LayoutInput, layout: MapLayout): Line[] {
  const { x, y, layer, edgeBend, bendNext, bendLeft, bendRight, bendY } = layout;
  return Array.from(input.from, (from, e) => {
    const to = input.to[e]!;
    if (layer[from] === layer[to]) {
      const out = Math.max(x[from]!, x[to]!) + HALF_WIDTH + SIZES.columnGap / 2;
      return [
        [x[from]! + HALF_WIDTH, y[from]!],
        [out, (y[from]! + y[to]!) / 2],
        [x[to]! + HALF_WIDTH, y[to]!],
      ];
    }
    const rightward = layer[to]! > layer[from]!;
    const side = rightward ? HALF_WIDTH : -HALF_WIDTH;
    const line: Line = [[x[from]! + side, y[from]!]];
    for (let b = edgeBend[e]!; b >= 0; b = bendNext[b]!) {
      line.push([rightward ? bendLeft[b]! : bendRight[b]!, bendY[b]!]);
      line.push([rightward ? bendRight[b]! : bendLeft[b]!, bendY[b]!]);
    }
    line.push([x[to]! - side, y[to]!]);
    return line;
  });
}

const [program, services] = process.argv.slice(2) as [Program, string];
const count = Number(services);
await programs[program](layoutInput(inventEstate(200, 200 * DENSITY, 7)));
process.stdout.write('ready\n');
const input = layoutInput(inventEstate(count, count * DENSITY, 1));
let lines: () => Line[];
const times: number[] = [];
const began = performance.now();
do {
  const started = performance.now();
  lines = await programs[program](input);
  times.push(performance.now() - started);
} while (times.length < REPEATS && performance.now() - began < AGAIN_BELOW);
process.stdout.write('laid\n');
const again = times.slice(1).sort((a, b) => a - b);
process.stdout.write(
  `${JSON.stringify({
    firstMs: times[0]!,
    ms: again[again.length >> 1] ?? times[0]!,
    quality: quality(lines(), count <= COUNTED),
  } satisfies LaidOut)}\n`,
);
