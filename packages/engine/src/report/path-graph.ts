import type { Event } from "@ape/core/protocol/events";
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
  /** By depth, operation and next operation: `0\nPOST /login\nGET /products`. */
  links: [key: string, sessions: number][];
}

interface Group {
  goal: string;
  persona: string | undefined;
  sessions: number;
  names: Set<string>;
  links: Map<string, number>;
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
    const shown = operations.slice(0, MAX_DEPTH).map((name) => nameIn(group, name));
    const way = operations.length > MAX_DEPTH ? [...shown, MORE, outcome] : [...shown, outcome];
    for (let depth = 0; depth + 1 < way.length; depth += 1)
      addLink(group, `${depth}\n${way[depth]}\n${way[depth + 1]}`, 1);
  }

  #group(goal: string, persona: string | undefined): Group {
    const wanted = `${goal}\n${persona ?? ""}`;
    const isNew = !this.#groups.has(wanted);
    const key = isNew && this.#groups.size >= MAX_GROUPS ? OTHER : wanted;
    let group = this.#groups.get(key);
    if (group === undefined) {
      const who = key === OTHER ? { goal: OTHER, persona: undefined } : { goal, persona };
      group = { ...who, sessions: 0, names: new Set(), links: new Map() };
      this.#groups.set(key, group);
    }
    return group;
  }

  /** Returns everything since the last call and starts at zero again: for one process of several. */
  take(): PathGroup[] {
    const taken = Array.from(this.#groups.values(), ({ goal, persona, sessions, links }) => ({
      goal,
      persona,
      sessions,
      links: [...links],
    }));
    this.#groups.clear();
    return taken;
  }

  merge(groups: readonly PathGroup[]): void {
    for (const { goal, persona, sessions, links } of groups) {
      const group = this.#group(goal, persona);
      group.sessions += sessions;
      for (const [key, count] of links) {
        const [depth = "0", from = OTHER, to = OTHER] = key.split("\n");
        addLink(group, `${depth}\n${nameIn(group, from)}\n${nameIn(group, to)}`, count);
      }
    }
  }

  /** The groups with the most sessions first. */
  read(): ReportPaths[] {
    return [...this.#groups.values()]
      .sort((a, b) => b.sessions - a.sessions)
      .map(({ goal, persona, sessions, links }) => {
        const numbers = new Map<string, number>();
        const numberOf = (name: string): number => {
          const number = numbers.get(name) ?? numbers.size;
          numbers.set(name, number);
          return number;
        };
        const shown = [...links].map(([key, count]): ReportPaths["links"][number] => {
          const [depth = "0", from = OTHER, to = OTHER] = key.split("\n");
          return [Number(depth), numberOf(from), numberOf(to), count];
        });
        return {
          goal: cut(goal, NAME_CHARS),
          ...(persona === undefined ? {} : { persona: cut(persona, NAME_CHARS) }),
          sessions,
          nodes: [...numbers.keys()],
          links: shown,
        };
      });
  }
}

/** The name under which an operation is counted. A name that ends a way, in brackets, always has room. */
function nameIn(group: Group, operation: string): string {
  if (operation.startsWith("(")) return operation;
  const name = cut(operation.replaceAll("\n", " "), NAME_CHARS);
  if (group.names.has(name)) return name;
  if (group.names.size >= MAX_NODES) return OTHER;
  group.names.add(name);
  return name;
}

/** Counts a link. One that finds no room is counted between the others of its depth. */
function addLink(group: Group, key: string, count: number): void {
  const known = group.links.get(key);
  if (known === undefined && group.links.size >= MAX_LINKS) {
    const depth = key.slice(0, key.indexOf("\n"));
    const last = key.slice(key.lastIndexOf("\n") + 1);
    const other = `${depth}\n${OTHER}\n${last.startsWith("(") ? last : OTHER}`;
    group.links.set(other, (group.links.get(other) ?? 0) + count);
  } else group.links.set(key, (known ?? 0) + count);
}
