/**
 * Service-graph series of OpenTelemetry (the collector's connector, Tempo, Grafana Agent) as edges. Invariant: an edge is told
 * only when it was called within the last minutes; what the server leaves out because nothing ever failed is no failure.
 *
 * Prometheus divides by the whole window: in the first five minutes of a series its rate is too low, the share that failed is right.
 *
 * The server adds up: one row for each client, server and kind of connection, however many instances report them. Of an answer
 * beyond `MOST_EDGES` rows the busiest are asked for, and it is said how many there are.
 */
import type { LearnedEdge } from './source.ts';

const BY = 'sum by (client, server, connection_type)';
const WINDOW = '5m';
/** A store chain has a few thousand; a server that tells more probably puts something unbounded into a name. */
export const MOST_EDGES = 20_000;
/** Longer names are cut: they are shown and matched by their beginning. */
const LONGEST_NAME = 300;

const CALLS = `${BY} (rate(traces_service_graph_request_total[${WINDOW}])) > 0`;
export const EDGE_QUERIES = {
  calls: `topk(${MOST_EDGES}, ${CALLS})`,
  failures: `topk(${MOST_EDGES}, ${BY} (rate(traces_service_graph_request_failed_total[${WINDOW}])) > 0)`,
  count: `count(${CALLS})`,
};

interface Series {
  labels: Record<string, string>;
  value: number;
}

/** The edges of the answers to `EDGE_QUERIES`; rows without a client, a server or a rate are left out. */
export function readEdges(calls: readonly Series[], failures: readonly Series[]): LearnedEdge[] {
  const failed = new Map<string, number>();
  for (const { labels, value } of failures) if (Number.isFinite(value)) failed.set(keyOf(labels), value);
  const edges: LearnedEdge[] = [];
  for (const { labels, value } of calls) {
    const { client, server, connection_type: connection } = labels;
    if (!client || !server || !Number.isFinite(value) || value <= 0) continue;
    edges.push({
      client: client.slice(0, LONGEST_NAME),
      server: server.slice(0, LONGEST_NAME),
      connection: connection && connection !== 'unset' ? connection.slice(0, 60) : '',
      rate: value,
      errorShare: Math.min(1, (failed.get(keyOf(labels)) ?? 0) / value),
    });
  }
  return edges;
}

function keyOf({ client, server, connection_type: connection }: Record<string, string>): string {
  return JSON.stringify([client, server, connection]);
}
