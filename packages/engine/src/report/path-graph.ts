import type { Event } from "@ape/core/protocol/events";
import { operationText } from "@ape/core/report/operation-text";
import type { ReportPaths } from "@ape/core/report/report";
import { cut } from "./bounded-text.ts";

/** Further groups of goal and persona are counted together. */
const MAX_GROUPS = 40;
/** Actions of a session that are shown; longer sessions end in "(more)". */
const MAX_DEPTH = 12;
const MAX_NODES = 40;
const MAX_LINKS = 300;
const NAME_CHARS = 120;
const OTHER = "other";
const MORE = "(more)";

interface OpenPath {
  goal: string;
  persona: string | undefined;
  operations: string[];
}

/** Ways of the sessions of one goal and persona, as JSON. */
export interface PathGroup {
  goal: string;
  persona: string | undefined;
  sessions: number;
  links: [depth: number, from: string, to: string, sessions: number][];
}

interface Group {
  goal: string;
  persona: string | undefined;
  sessions: number;
  /** Names by their number; operations beyond the bound have that of `other`. */
  names: string[];
  numbers: Map<string, number>;
  operations: number;
  /** Sessions by link, see {@link linkKey}. */
  links: Map<number, number>;
}

/** More than the names of a group: operations, outcomes, `other` and "(more)". */
const NAMES = 64;

/** One link as a number: depth, number of the operation, number of the next. */
function linkKey(depth: number, from: number, to: number): number {
  return (depth * NAMES + from) * NAMES + to;
}

/**
 * Ways through the target: which operation followed which, by the number of the action. Only ended sessions count;
 * groups, operations, depth and links are bounded.
 */
export class PathGraph {
  readonly #open = new Map<string, OpenPath>();
  readonly #groups = new Map<string, Group>();

  add(event: Event): void {
    switch (event.type) {
      case "session_started":
        this.#open.set(event.session, { goal: event.goal, persona: event.persona, operations: [] });
        return;
      case "step": {
        if (event.action === undefined) return;
        const path = this.#open.get(event.session);
        if (path !== undefined && path.operations.length <= MAX_DEPTH)
          path.operations.push(event.action.operation);
        return;
      }
      case "session_interrupted":
        this.#open.delete(event.session);
        return;
      case "session_ended": {
        const path = this.#open.get(event.session);
        this.#open.delete(event.session);
        if (path !== undefined) this.#close(path, `(${event.outcome})`);
      }
    }
  }

  #close({ goal, persona, operations }: OpenPath, outcome: string): void {
    const group = this.#group(goal, persona);
    group.sessions += 1;
    const isLong = operations.length > MAX_DEPTH;
    const depths = isLong ? MAX_DEPTH : operations.length;
    if (depths === 0) return;
    let from = numberIn(group, operations[0] ?? OTHER);
    for (let depth = 0; depth + 1 < depths; depth += 1) {
      const to = numberIn(group, operations[depth + 1] ?? OTHER);
      addLink(group, depth, from, to, 1);
      from = to;
    }
    const end = numberIn(group, outcome);
    if (isLong) {
      const more = numberIn(group, MORE);
      addLink(group, depths - 1, from, more, 1);
      addLink(group, depths, more, end, 1);
    } else addLink(group, depths - 1, from, end, 1);
  }

  #group(goal: string, persona: string | undefined): Group {
    const wanted = `${goal}\n${persona ?? ""}`;
    const isNew = !this.#groups.has(wanted);
    const key = isNew && this.#groups.size >= MAX_GROUPS ? OTHER : wanted;
    let group = this.#groups.get(key);
    if (group === undefined) {
      const who = key === OTHER ? { goal: OTHER, persona: undefined } : { goal, persona };
      group = { ...who, sessions: 0, names: [], numbers: new Map(), operations: 0, links: new Map() };
      this.#groups.set(key, group);
    }
    return group;
  }

  /** Returns everything since the last call and starts at zero again: for one process of several. */
  take(): PathGroup[] {
    const taken = Array.from(this.#groups.values(), (group) => ({
      goal: group.goal,
      persona: group.persona,
      sessions: group.sessions,
      links: linksOf(group).map(([depth, from, to, count]): PathGroup["links"][number] => [
        depth,
        group.names[from] ?? OTHER,
        group.names[to] ?? OTHER,
        count,
      ]),
    }));
    this.#groups.clear();
    return taken;
  }

  merge(groups: readonly PathGroup[]): void {
    for (const { goal, persona, sessions, links } of groups) {
      const group = this.#group(goal, persona);
      group.sessions += sessions;
      for (const [depth, from, to, count] of links)
        addLink(group, depth, numberIn(group, from), numberIn(group, to), count);
    }
  }

  /** The groups with the most sessions first. */
  read(): ReportPaths[] {
    return [...this.#groups.values()]
      .sort((a, b) => b.sessions - a.sessions)
      .map((group) => ({
        goal: cut(group.goal, NAME_CHARS),
        ...(group.persona === undefined ? {} : { persona: cut(group.persona, NAME_CHARS) }),
        sessions: group.sessions,
        nodes: [...group.names],
        links: linksOf(group),
      }));
  }
}

function linksOf({ links }: Group): ReportPaths["links"] {
  return Array.from(links, ([key, count]): ReportPaths["links"][number] => [
    Math.floor(key / (NAMES * NAMES)),
    Math.floor(key / NAMES) % NAMES,
    key % NAMES,
    count,
  ]);
}

/** The number of a name. A name that ends a way, in brackets, always has room. */
function numberIn(group: Group, operation: string): number {
  const known = group.numbers.get(operation);
  if (known !== undefined) return known;
  const text = operationText(operation);
  let number = group.numbers.get(text);
  if (number === undefined) {
    const isEnd = operation.startsWith("(");
    if (!isEnd && operation !== OTHER && group.operations >= MAX_NODES) return numberIn(group, OTHER);
    if (!isEnd) group.operations += 1;
    number = group.names.length;
    group.names.push(text);
    group.numbers.set(text, number);
  }
  group.numbers.set(operation, number);
  return number;
}

/** Counts a link. One that finds no room is counted between the others of its depth. */
function addLink(group: Group, depth: number, from: number, to: number, count: number): void {
  let key = linkKey(depth, from, to);
  if (!group.links.has(key) && group.links.size >= MAX_LINKS) {
    const other = numberIn(group, OTHER);
    key = linkKey(depth, other, group.names[to]?.startsWith("(") ? to : other);
  }
  group.links.set(key, (group.links.get(key) ?? 0) + count);
}
