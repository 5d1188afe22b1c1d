import type { ReportPaths } from "@ape/core/report/report";
import { sankey } from "d3-sankey";

/** A node of the drawn paths: an operation as the n-th action, or an outcome. */
export interface PathNode {
  id: string;
  name: string;
  /** Number of the action counted from 0; outcomes are at the end. */
  layer: number;
  isOutcome: boolean;
  sessions: number;
  x0: number;
  x1: number;
  y0: number;
  y1: number;
}

export interface PathLink {
  depth: number;
  from: string;
  to: string;
  sessions: number;
  source: PathNode;
  target: PathNode;
  /** Middle of the link at both ends, and its width. */
  y0: number;
  y1: number;
  width: number;
}

/** The paths of some goals and personas on a plane. */
export interface PathLayout {
  nodes: PathNode[];
  links: PathLink[];
  /** Every link, those that are not drawn included. */
  all: readonly NamedLink[];
  /** Links that are too thin to draw. */
  undrawn: number;
  /** In pixels. */
  width: number;
  layerWidth: number;
}

/** Bounds of the distance between layers: names must fit. */
const LEAST_LAYER = 115;
const MOST_LAYER = 260;
/** Room for the names of the last layer. */
const NAME_ROOM = 130;
const NODE_WIDTH = 12;
const PADDING = 14;
const LEAST_SHARE = 0.005;

/** Sessions that went from one operation to the next. */
export interface NamedLink {
  depth: number;
  from: string;
  to: string;
  value: number;
}

/** Sessions of several groups by link, their names in place of indexes. */
function linksOf(groups: readonly ReportPaths[]): Map<string, NamedLink> {
  const links = new Map<string, NamedLink>();
  for (const { nodes, links: rows } of groups)
    for (const [depth, fromIndex, toIndex, value] of rows) {
      const [from = "", to = ""] = [nodes[fromIndex], nodes[toIndex]];
      const key = `${depth}\n${from}\n${to}`;
      const known = links.get(key);
      if (known === undefined) links.set(key, { depth, from, to, value });
      else known.value += value;
    }
  return links;
}

/**
 * Links that are on a whole way from the first action to an outcome. Where the links before or after one were too thin,
 * it would hang in the air.
 */
function onWholeWays(links: readonly NamedLink[]): NamedLink[] {
  let kept = [...links];
  for (;;) {
    const begins = new Set(kept.map(({ depth, from }) => `${depth}\n${from}`));
    const ends = new Set(kept.map(({ depth, to }) => `${depth + 1}\n${to}`));
    const next = kept.filter(
      ({ depth, from, to }) =>
        (isOutcome(to) || begins.has(`${depth + 1}\n${to}`)) &&
        (depth === 0 || ends.has(`${depth}\n${from}`)),
    );
    if (next.length === kept.length) return kept;
    kept = next;
  }
}

const isOutcome = (name: string): boolean => name.startsWith("(") && name !== "(more)";

/**
 * Lays the paths out in layers, outcomes at the right. Links that are too thin to see are not drawn.
 * @param available width in pixels; many layers take more
 */
export function layoutPaths(groups: readonly ReportPaths[], available: number, height: number): PathLayout {
  const all = [...linksOf(groups).values()];
  const sessions = groups.reduce((sum, group) => sum + group.sessions, 0);
  const links = onWholeWays(all.filter(({ value }) => value >= sessions * LEAST_SHARE));
  const layers = links.reduce(
    (most, { depth, to }) => Math.max(most, isOutcome(to) ? depth + 1 : depth + 2),
    0,
  );
  if (links.length === 0) return { nodes: [], links: [], all, undrawn: all.length, width: 0, layerWidth: 0 };
  const layerWidth = Math.min(MOST_LAYER, Math.max(LEAST_LAYER, (available - NAME_ROOM) / layers));
  const nodes = new Map<string, { id: string; name: string; layer: number; isOutcome: boolean }>();
  const nodeOf = (name: string, layer: number): string => {
    const id = isOutcome(name) ? name : `${layer}\n${name}`;
    if (!nodes.has(id))
      nodes.set(id, { id, name, layer: isOutcome(name) ? layers : layer, isOutcome: isOutcome(name) });
    return id;
  };
  type Node = { id: string; name: string; layer: number; isOutcome: boolean };
  type Link = { source: string; target: string; value: number; depth: number; from: string; to: string };
  const rows = links.map(
    ({ depth, from, to, value }): Link => ({
      source: nodeOf(from, depth),
      target: nodeOf(to, depth + 1),
      value,
      depth,
      from,
      to,
    }),
  );
  const graph = sankey<Node, Link>()
    .nodeId(({ id }) => id)
    .nodeAlign(({ layer }) => layer)
    .nodeWidth(NODE_WIDTH)
    .nodePadding(PADDING)
    .extent([
      [1, 18],
      [layers * layerWidth + NODE_WIDTH, height - 4],
    ])({ nodes: [...nodes.values()], links: rows });
  return {
    layerWidth,
    all,
    undrawn: all.length - links.length,
    width: layers * layerWidth + NODE_WIDTH + NAME_ROOM,
    nodes: graph.nodes.map((node) => ({
      id: node.id,
      name: node.name,
      layer: node.layer,
      isOutcome: node.isOutcome,
      sessions: node.value ?? 0,
      x0: node.x0 ?? 0,
      x1: node.x1 ?? 0,
      y0: node.y0 ?? 0,
      y1: node.y1 ?? 0,
    })),
    links: graph.links.map((link) => ({
      depth: link.depth,
      from: link.from,
      to: link.to,
      sessions: link.value,
      source: link.source as unknown as PathNode,
      target: link.target as unknown as PathNode,
      y0: link.y0 ?? 0,
      y1: link.y1 ?? 0,
      width: link.width ?? 1,
    })),
  };
}
