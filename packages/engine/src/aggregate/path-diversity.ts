import type { Event } from "@ape/core/protocol/events";
import type { GoalRealism } from "@ape/core/report/summary";
import { distinctPer100 } from "./rarefaction.ts";
import { ValueDiversity, type ValueDiversitySnapshot } from "./value-diversity.ts";

/** Upper bounds: beyond them paths are counted as one, operations as `other`. */
const MAX_PATHS = 5_000;
const MAX_OPERATIONS = 60;
const MAX_ACTIONS = 200;
const MAX_GOALS = 50;
const OTHER = "other";
const BEGIN = "(begin)";
const END = "(end)";

interface OpenPath {
  goal: string;
  operations: number[];
  actions: number;
}

interface GoalPaths {
  /** Operations by number, in order of appearance. */
  names: string[];
  numbers: Map<string, number>;
  /** Sessions by path. */
  paths: Map<string, number>;
  otherPaths: number;
  sessions: number;
  /** Sessions by their number of actions; the last one counts all longer ones. */
  lengths: Map<number, number>;
  /** From operation to operation, by their numbers. */
  transitions: Map<number, Map<number, number>>;
}

/** The ended sessions of a process, by goal. Operations are numbers in texts of paths: indexes of `names`. */
export interface PathDiversitySnapshot {
  goals: {
    goal: string;
    names: string[];
    paths: [path: string, sessions: number][];
    otherPaths: number;
    sessions: number;
    lengths: [actions: number, sessions: number][];
    transitions: [from: number, to: [to: number, count: number][]][];
  }[];
  values: ValueDiversitySnapshot;
  /** Sessions whose values were looked at; absent in digests of earlier versions. */
  looked?: number;
}

/**
 * How diverse the agents' paths are, and the values that they use. A path is the sequence of operations that a session
 * sent, whatever their answers; only ended sessions count. The number of paths, operations and goals is bounded.
 */
export class PathDiversity {
  readonly #open = new Map<string, OpenPath>();
  readonly #goals = new Map<string, GoalPaths>();
  readonly #values = new ValueDiversity();

  add(event: Event): void {
    this.#values.add(event);
    switch (event.type) {
      case "session_started":
        this.#open.set(event.session, { goal: event.goal, operations: [], actions: 0 });
        break;
      case "step": {
        const path = event.action === undefined ? undefined : this.#open.get(event.session);
        if (path === undefined || event.action === undefined) break;
        path.actions += 1;
        if (path.operations.length < MAX_ACTIONS)
          path.operations.push(numberOf(this.#goal(path.goal), event.action.operation));
        break;
      }
      case "session_interrupted":
        this.#open.delete(event.session);
        break;
      case "session_ended": {
        const path = this.#open.get(event.session);
        this.#open.delete(event.session);
        if (path !== undefined) close(this.#goal(path.goal), path);
        break;
      }
    }
  }

  /** Everything as JSON, without open sessions. */
  snapshot(): PathDiversitySnapshot {
    const goals = Array.from(
      this.#goals,
      ([goal, { names, paths, otherPaths, sessions, lengths, transitions }]) => ({
        goal,
        names: [...names],
        paths: [...paths],
        otherPaths,
        sessions,
        lengths: [...lengths],
        transitions: Array.from(transitions, ([from, row]): [number, [number, number][]] => [from, [...row]]),
      }),
    );
    return { goals, values: this.#values.snapshot(), looked: this.#values.looked };
  }

  /** Continues from a snapshot of the same process; only sessions that were open then must have been added. */
  restore(snapshot: PathDiversitySnapshot): void {
    this.merge(snapshot);
    this.#values.restoreLooked(snapshot.looked ?? 0);
  }

  /** Adds another process's snapshot. */
  merge({ goals, values }: PathDiversitySnapshot): void {
    this.#values.merge(values);
    for (const other of goals) {
      const goal = this.#goal(other.goal);
      // The first two names are the same everywhere: beginning and end.
      const numbers = other.names.map((name, number) => (number <= 1 ? number : numberOf(goal, name)));
      const here = (number: number): number => numbers[number] ?? 0;
      goal.sessions += other.sessions;
      goal.otherPaths += other.otherPaths;
      for (const [length, count] of other.lengths) increase(goal.lengths, length, count);
      for (const [path, count] of other.paths) {
        const key =
          path === ""
            ? ""
            : path
                .split(" ")
                .map((number) => here(Number(number)))
                .join(" ");
        if (goal.paths.has(key) || goal.paths.size < MAX_PATHS) increase(goal.paths, key, count);
        else goal.otherPaths += count;
      }
      for (const [from, row] of other.transitions)
        for (const [to, count] of row) increase(rowOf(goal, here(from)), here(to), count);
    }
  }

  /** By goal; goals without an ended session are left out. */
  get byGoal(): Record<string, GoalRealism> {
    const entries = [...this.#goals].filter(([, { sessions }]) => sessions > 0);
    return Object.fromEntries(
      entries.map(([name, goal]) => [name, { ...realismOf(goal), values: this.#values.of(name) }]),
    );
  }

  #goal(name: string): GoalPaths {
    const key = this.#goals.has(name) || this.#goals.size < MAX_GOALS ? name : OTHER;
    let goal = this.#goals.get(key);
    if (goal === undefined) {
      goal = {
        names: [BEGIN, END],
        numbers: new Map(),
        paths: new Map(),
        otherPaths: 0,
        sessions: 0,
        lengths: new Map(),
        transitions: new Map(),
      };
      this.#goals.set(key, goal);
    }
    return goal;
  }
}

function numberOf(goal: GoalPaths, operation: string): number {
  const name = goal.numbers.has(operation) || goal.numbers.size < MAX_OPERATIONS ? operation : OTHER;
  let number = goal.numbers.get(name);
  if (number === undefined) {
    number = goal.names.length;
    goal.names.push(name);
    goal.numbers.set(name, number);
  }
  return number;
}

function close(goal: GoalPaths, { operations, actions }: OpenPath): void {
  goal.sessions += 1;
  const length = Math.min(actions, MAX_ACTIONS);
  goal.lengths.set(length, (goal.lengths.get(length) ?? 0) + 1);
  const key = operations.join(" ");
  const known = goal.paths.get(key);
  if (known !== undefined || goal.paths.size < MAX_PATHS) goal.paths.set(key, (known ?? 0) + 1);
  else goal.otherPaths += 1;
  let from = 0;
  for (const to of [...operations, 1]) {
    increase(rowOf(goal, from), to, 1);
    from = to;
  }
}

function rowOf(goal: GoalPaths, from: number): Map<number, number> {
  let row = goal.transitions.get(from);
  if (row === undefined) {
    row = new Map();
    goal.transitions.set(from, row);
  }
  return row;
}

function increase<K>(counts: Map<K, number>, key: K, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

function realismOf(goal: GoalPaths): Omit<GoalRealism, "values"> {
  const counts = [...goal.paths.values()];
  if (goal.otherPaths > 0) counts.push(goal.otherPaths);
  let modal = "";
  let most = 0;
  for (const [path, count] of goal.paths)
    if (count > most) {
      most = count;
      modal = path;
    }
  const nameOf = (number: number): string => goal.names[number] ?? OTHER;
  const transitions: GoalRealism["transitions"] = {};
  for (const [from, row] of goal.transitions)
    transitions[nameOf(from)] = Object.fromEntries([...row].map(([to, count]) => [nameOf(to), count]));
  return {
    sessions: goal.sessions,
    distinctPathsPer100: round(distinctPer100(counts, goal.sessions)),
    pathEntropyBits: round(entropy(counts, goal.sessions)),
    modalShare: round(most / goal.sessions),
    modalPath: modal === "" ? [] : modal.split(" ").map((number) => nameOf(Number(number))),
    lengths: Object.fromEntries(
      [...goal.lengths].sort(([a], [b]) => a - b).map(([length, count]) => [String(length), count]),
    ),
    transitions,
  };
}

/** Shannon's entropy of the paths, in bits: 0 if all sessions take the same path. */
function entropy(counts: readonly number[], sessions: number): number {
  let bits = 0;
  for (const count of counts) bits -= (count / sessions) * Math.log2(count / sessions);
  return Math.max(0, bits);
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;
