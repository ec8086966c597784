/** Circles in what refers to what. Invariant: linear in the number of references, and no recursion: catalogs are large. */

/** The circles of a graph in which every node points to at most one other; each node's successor comes after it. */
export function pointerCycles(next: ReadonlyMap<string, string>): string[][] {
  const cycles: string[][] = [];
  const seen = new Set<string>();
  for (const start of next.keys()) {
    const path: string[] = [];
    const places = new Map<string, number>();
    let node: string | undefined = start;
    while (node !== undefined && !seen.has(node)) {
      seen.add(node);
      places.set(node, path.length);
      path.push(node);
      node = next.get(node);
    }
    const entered = node === undefined ? undefined : places.get(node);
    if (entered !== undefined) cycles.push(path.slice(entered));
  }
  return cycles;
}

/** One shortest circle of each group of nodes that reach one another; Tarjan's strongly connected components. */
export function graphCycles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const onStack = new Set<string>();
  const stack: string[] = [];
  const cycles: string[][] = [];
  const enter = (node: string) => {
    order.set(node, order.size);
    low.set(node, order.get(node)!);
    stack.push(node);
    onStack.add(node);
    return { node, at: 0 };
  };
  for (const start of edges.keys()) {
    if (order.has(start)) continue;
    const work = [enter(start)];
    while (work.length > 0) {
      const frame = work.at(-1)!;
      const { node } = frame;
      const next = edges.get(node)?.[frame.at++];
      if (next !== undefined) {
        if (!order.has(next)) work.push(enter(next));
        else if (onStack.has(next)) low.set(node, Math.min(low.get(node)!, order.get(next)!));
        continue;
      }
      work.pop();
      const parent = work.at(-1);
      if (parent) low.set(parent.node, Math.min(low.get(parent.node)!, low.get(node)!));
      if (low.get(node) !== order.get(node)) continue;
      const component = stack.splice(stack.lastIndexOf(node));
      for (const each of component) onStack.delete(each);
      if (component.length > 1) cycles.push(shortestCycle(component, edges));
    }
  }
  return cycles;
}

/** A shortest circle through the first node of a component. */
function shortestCycle(component: string[], edges: ReadonlyMap<string, readonly string[]>): string[] {
  const inside = new Set(component);
  const [start] = component;
  const cameFrom = new Map<string, string>();
  const queue = [start!];
  for (const node of queue) {
    for (const next of edges.get(node) ?? []) {
      if (next === start) {
        const path = [node];
        while (path.at(-1) !== start) path.push(cameFrom.get(path.at(-1)!)!);
        return path.toReversed();
      }
      if (!inside.has(next) || cameFrom.has(next)) continue;
      cameFrom.set(next, node);
      queue.push(next);
    }
  }
  return component;
}
