import { isComposite, type Json } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";
import type { ActionRecord, Event } from "@ape/core/protocol/events";
import { isIdName } from "@ape/core/protocol/id-name";
import { templateValues } from "@ape/core/protocol/operations/route-table";
import type { ValueVariety } from "@ape/core/report/summary";
import { distinctPer100 } from "./rarefaction.ts";

/** Upper bounds: what is beyond them is not counted. */
const MAX_GOALS = 50;
const MAX_FIELDS = 20;
const MAX_VALUES = 20_000;
const MAX_OF_SESSION = 60;
const MAX_LENGTH = 100;
const MAX_DEPTH = 4;
/** Sessions of a process that are looked at, the first ones: more would change the figures little, and cost as much each. */
const MAX_LOOKED = 5_000;
const MAX_NAMES = 2_000;
/** Fields in a summary, those of most sessions first. */
const SHOWN = 5;

/** Sessions by the values that they used in one field. */
interface FieldValues {
  sessions: number;
  values: Map<string, number>;
}

/** The ended sessions of a process, by goal and field. */
export type ValueDiversitySnapshot = {
  goal: string;
  fields: { name: string; sessions: number; values: [value: string, sessions: number][] }[];
}[];

/**
 * How different the things are that sessions name: the values of path parameters and of fields that identify something, of
 * ended sessions, by goal. A value counts once for each session, whatever came of the call. Looks at the first 5,000
 * sessions.
 */
export class ValueDiversity {
  readonly #open = new Map<string, { goal: string; used: Set<string> }>();
  readonly #goals = new Map<string, Map<string, FieldValues>>();
  #values = 0;
  #sessions = 0;

  add(event: Event): void {
    switch (event.type) {
      case "session_started":
        if (this.#sessions >= MAX_LOOKED) break;
        this.#sessions += 1;
        this.#open.set(event.session, { goal: event.goal, used: new Set() });
        break;
      case "step": {
        if (this.#open.size === 0) break;
        const used = event.action === undefined ? undefined : this.#open.get(event.session)?.used;
        if (used === undefined || event.action === undefined) break;
        collectPath(event.action, used);
        collect("", event.args, used, 0);
        break;
      }
      case "session_interrupted":
        this.#open.delete(event.session);
        break;
      case "session_ended": {
        const ended = this.#open.get(event.session);
        this.#open.delete(event.session);
        if (ended !== undefined) this.#count(ended.goal, ended.used);
        break;
      }
    }
  }

  /** Sessions that were looked at so far. */
  get looked(): number {
    return this.#sessions;
  }

  /** Continues another's count of sessions, of which those that are open here are a part. */
  restoreLooked(sessions: number): void {
    this.#sessions = Math.max(this.#sessions, sessions);
  }

  /** Everything as JSON, without open sessions. */
  snapshot(): ValueDiversitySnapshot {
    return Array.from(this.#goals, ([goal, fields]) => ({
      goal,
      fields: Array.from(fields, ([name, { sessions, values }]) => ({ name, sessions, values: [...values] })),
    }));
  }

  /** Adds another process's snapshot. */
  merge(snapshot: ValueDiversitySnapshot): void {
    for (const { goal, fields } of snapshot)
      for (const { name, sessions, values } of fields) {
        const field = this.#field(goal, name);
        if (field === undefined) continue;
        field.sessions += sessions;
        for (const [value, count] of values) this.#use(field, value, count);
      }
  }

  /** The fields of a goal that most sessions used. */
  of(goal: string): Record<string, ValueVariety> {
    const fields = [...(this.#goals.get(goal) ?? [])].sort(([, a], [, b]) => b.sessions - a.sessions);
    return Object.fromEntries(
      fields.slice(0, SHOWN).map(([name, { sessions, values }]) => {
        const [mostUsed = "", most = 0] = [...values].reduce<readonly [string, number]>(
          (best, one) => (one[1] > best[1] ? one : best),
          ["", 0],
        );
        return [
          name,
          {
            sessions,
            distinctPer100: round(distinctPer100(values.values(), sessions)),
            mostUsed,
            mostUsedShare: round(most / sessions),
          },
        ];
      }),
    );
  }

  #count(goal: string, used: ReadonlySet<string>): void {
    const seen = new Set<string>();
    for (const entry of used) {
      const at = entry.indexOf("\0");
      const name = entry.slice(0, at);
      const field = this.#field(goal, name);
      if (field === undefined || !this.#use(field, entry.slice(at + 1), 1)) continue;
      if (!seen.has(name)) field.sessions += 1;
      seen.add(name);
    }
  }

  /** The values of a field; undefined beyond the bounds. */
  #field(goalName: string, name: string): FieldValues | undefined {
    let goal = this.#goals.get(goalName);
    if (goal === undefined) {
      if (this.#goals.size >= MAX_GOALS) return undefined;
      goal = new Map();
      this.#goals.set(goalName, goal);
    }
    let field = goal.get(name);
    if (field === undefined) {
      if (goal.size >= MAX_FIELDS) return undefined;
      field = { sessions: 0, values: new Map() };
      goal.set(name, field);
    }
    return field;
  }

  /** @returns false where the value is beyond the bounds */
  #use(field: FieldValues, value: string, sessions: number): boolean {
    const before = field.values.get(value);
    if (before === undefined && this.#values >= MAX_VALUES) return false;
    if (before === undefined) this.#values += 1;
    field.values.set(value, (before ?? 0) + sessions);
    return true;
  }
}

function collectPath({ operation, path }: ActionRecord, used: Set<string>): void {
  // For every action: most operations have no parameter.
  if (!operation.includes("{")) return;
  const template = operation.slice(operation.indexOf(" ") + 1);
  const [plain = ""] = path.split("?");
  for (const [name, value] of Object.entries(templateValues(template, plain))) note(name, value, used);
}

function collect(name: string, value: Json, used: Set<string>, depth: number): void {
  if (typeof value === "string" || isNumber(value)) {
    if (name !== "" && identifies(name)) note(name, String(value), used);
    return;
  }
  if (!isComposite(value) || depth >= MAX_DEPTH) return;
  if (Array.isArray(value)) for (const item of value) collect(name, item, used, depth + 1);
  else for (const key in value) collect(key, value[key] ?? null, used, depth + 1);
}

const known = new Map<string, boolean>();

/** Whether a field's name identifies something; the same few names come again and again. */
function identifies(name: string): boolean {
  let is = known.get(name);
  if (is === undefined) {
    is = isIdName(name, true);
    if (known.size < MAX_NAMES) known.set(name, is);
  }
  return is;
}

function note(name: string, value: string, used: Set<string>): void {
  if (value === "" || value.includes("{{") || used.size >= MAX_OF_SESSION) return;
  used.add(`${name}\0${value.slice(0, MAX_LENGTH)}`);
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;
