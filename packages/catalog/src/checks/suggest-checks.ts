import { escapeRegExp } from "@ape/core/lib/escape-regexp";
import type { ApiDescription } from "@ape/core/protocol/api";
import type { GoalProof } from "@ape/core/report/summary";
import type { Field } from "../operations/field.ts";
import type { Operation, OperationCatalog } from "../operations/operation-catalog.ts";
import { catalogOf } from "../operations/shared-catalog.ts";
import { answerPath } from "./answer-path.ts";
import { assertedIn, makesAssertion } from "./assertions/asserted-value.ts";
import { assertionCheck } from "./assertions/assertion-check.ts";
import { Captures } from "./captures.ts";
import { actsOnThing, addTo, applyTo, removedThing } from "./changed-thing.ts";
import { type CheckDraft, type ExpectedValue, expectedValue } from "./check-draft.ts";
import { fieldOfAction } from "./field-of-action.ts";
import { type ChangePart, type GoalPart, goalParts } from "./goal-parts.ts";
import { proofOf } from "./goal-proof.ts";
import { type IdentityDemands, identityDemands } from "./identity/identity-demands.ts";
import { lastLook } from "./last-look.ts";
import { makesThing } from "./made-thing.ts";
import { relatedThing } from "./related-read.ts";
import { restoredThing } from "./removal/restored-thing.ts";
import { shownIn } from "./shown-change.ts";
import { newThing, type Thing } from "./thing.ts";
import { thingProbe, whyThing } from "./thing-probe.ts";
import { readBy, readOfThing, readWith, topFields } from "./thing-read.ts";
import { canBeRead, type ToolProbe, toolProbe } from "./tool-probe.ts";

/** A check that could prove a part of a goal. */
export interface SuggestedCheck {
  /** What it shows, for a person who reviews it. */
  why: string;
  check: CheckDraft;
  /** The parts of the goal that it proves, in the goal's words. */
  proves: readonly string[];
}

/** Checks for a goal, and what they leave unproven. */
export interface Suggestion {
  checks: SuggestedCheck[];
  proof: GoalProof;
}

/**
 * Proposes checks for a goal in words. A part that changes something is proven by a read of what it changed, where the
 * APIs have one; else by the action itself and what its answer shows. Logging in and looking at things prove nothing of
 * such a goal. A goal that changes nothing is proven by its last read.
 */
export function suggestChecks(goal: string, apis: readonly ApiDescription[]): Suggestion {
  const catalog = catalogOf(apis);
  const parts = goalParts(goal, catalog);
  const draft = new ChecksDraft(parts, catalog, apis);
  const checks = draft.checks();
  return {
    checks,
    proof: proofOf(
      goal,
      apis,
      checks.map(({ check }) => check),
    ),
  };
}

class ChecksDraft {
  readonly #parts: readonly GoalPart[];
  readonly #catalog: OperationCatalog;
  readonly #named: boolean;
  /** Targets whose answers are pages. */
  readonly #web: ReadonlySet<string>;
  readonly #captures = new Captures();
  readonly #identities = new Map<ChangePart, IdentityDemands>();
  /** Ids that the goal gives, by the braces that stand for them in paths. */
  readonly #ids = new Map<string, string>();

  constructor(parts: readonly GoalPart[], catalog: OperationCatalog, apis: readonly ApiDescription[]) {
    this.#parts = parts;
    this.#catalog = catalog;
    this.#named = apis.length > 1;
    this.#web = new Set(apis.flatMap(({ kind, target }) => (kind === "web" ? [target] : [])));
  }

  checks(): SuggestedCheck[] {
    const asked = this.#parts.filter(({ kind }) => kind === "change");
    if (asked.length === 0) {
      const asserted = this.#assertions([]);
      if (asserted.length > 0) return asserted;
      return lastLook(this.#parts, this.#catalog, (operation) => this.#name(operation));
    }
    const changes = asked.flatMap((part) => this.#completed(part));
    const counts = new Map<Operation, number>();
    for (const { operation, times } of changes) counts.set(operation, (counts.get(operation) ?? 0) + times);
    // Of several things made by one operation, it is not known which one an answer is about; an update is one of a thing.
    const isOne = ({ operation, times }: ChangePart): boolean =>
      counts.get(operation) === 1 ||
      (times === 1 && (operation.method === "PATCH" || operation.method === "PUT"));
    const ones = changes.filter(isOne);
    const things = this.#thingsOf(ones);
    for (const part of ones) this.#identify(part, things);
    const probes = new Map(things.map((thing) => [thing, this.#probe(thing)]));
    const identities = new Map(ones.map((part) => [part, this.#identityProbes(part)]));
    const suggested: SuggestedCheck[] = [];
    const done = new Set<Operation>();
    for (const part of changes) {
      const { operation } = part;
      if (done.has(operation)) continue;
      done.add(operation);
      const same = changes.filter((other) => other.operation === operation);
      suggested.push(this.#action(part, same));
      // An action check keeps the values of one of its answers.
      for (const [thing, probe] of probes)
        if (same.includes(thing.last ?? thing.part) && !this.#needsOther(thing.part, part, same))
          suggested.push(probe);
      const isRead = things.some((thing) => thing.part === part);
      const probe = isRead || timesIn(same) > 1 ? undefined : toolProbe(part, this.#catalog);
      if (probe !== undefined) suggested.push(this.#toolRead(part, probe));
      for (const one of same) suggested.push(...(identities.get(one) ?? []));
    }
    return this.#fixed([...suggested, ...this.#assertions(things)]);
  }

  /** Checks of what the goal says that has to be so, where no read of what it changed shows it. */
  #assertions(things: readonly Thing[]): SuggestedCheck[] {
    return this.#parts.flatMap((part): SuggestedCheck[] => {
      if (part.kind !== "look" || !makesAssertion(part.clause)) return [];
      const isShown = things.some(
        ({ read, expected }) =>
          [...assertedIn(read.fields, [part.clause]).keys()].some((field) => expected.has(field)) &&
          this.#parts.some(({ asserted }) => asserted.includes(part.clause)),
      );
      const found = isShown
        ? undefined
        : assertionCheck(part, this.#catalog, (operation) => this.#name(operation));
      return found === undefined
        ? []
        : [{ why: `"${part.text}": what ${found.read.key} shows`, check: found.check, proves: [part.text] }];
    });
  }

  /** Finds out what shows that a part is about the things that the goal names; a probe of its own thing shows that as well. */
  #identify(part: ChangePart, things: readonly Thing[]): void {
    const demands = identityDemands(part, this.#catalog);
    const own = things.find(
      (thing) => thing.part === part && thing.removal === undefined && !thing.read.isList,
    );
    const reads = demands.reads.filter(({ read, text }) => {
      if (own === undefined || own.read.operation !== read.operation) return true;
      own.shows.push(text);
      return false;
    });
    this.#identities.set(part, { ...demands, reads });
    for (const { field, text } of demands.fixed) {
      // What is read by the id in the answer is the thing of the path.
      if (own !== undefined) own.read = readBy(own.read, field, part.operation);
      this.#ids.set(`{${this.#captures.nameOf(part, field, field.name)}}`, text);
    }
  }

  /** Reads of the things that the goal names, by the ids that a part's path or answer has. */
  #identityProbes(part: ChangePart): SuggestedCheck[] {
    return (this.#identities.get(part)?.reads ?? []).map(({ read, text, field }) => {
      const value = { matches: escapeRegExp(text) };
      const thing = newThing(
        part,
        read,
        field === undefined ? { shows: [text] } : { expected: new Map([[field, { value, part }]]) },
      );
      return { why: `"${part.text}" is about ${text}`, check: this.#draft(thing), proves: [] };
    });
  }

  #draft = (thing: Thing): CheckDraft =>
    thingProbe(thing, this.#captures, (operation) => this.#name(operation));

  /** The checks with the ids that the goal gives in their paths: `DELETE /trips/17`. */
  #fixed(checks: SuggestedCheck[]): SuggestedCheck[] {
    if (this.#ids.size === 0) return checks;
    const withIds = (text: string): string =>
      [...this.#ids].reduce((all, [mark, number]) => all.replaceAll(mark, number), text);
    return checks.map((one) => ({
      ...one,
      check: JSON.parse(withIds(JSON.stringify(one.check))) as CheckDraft,
    }));
  }

  /** Whether a probe needs values of a part that the check of its operation is not about. */
  #needsOther(own: GoalPart, checked: ChangePart, same: readonly ChangePart[]): boolean {
    return own !== checked && same.some((part) => part === own && this.#captures.has(part));
  }

  /** A part by the operation that completes it: of several forms in a row the last one, where that is known. */
  #completed(part: GoalPart): ChangePart[] {
    if (!hasOperation(part)) return [];
    const { operation } = part;
    if (operation.leadsOn !== true) return [part];
    // Forms with another verb do something else.
    const last = this.#formsBeside(operation).findLast(
      ({ verb }) => verb === undefined || verb === "~confirm" || verb === part.clause.verb,
    );
    return [last === undefined ? part : { ...part, operation: last, values: new Map() }];
  }

  /** The form after which no further one comes: in the folder of the first one, else at the same path. */
  #lastForm({ operation, text }: ChangePart): SuggestedCheck {
    const { target, path, call } = operation;
    const folder = folderOf(path);
    // At one thing, forms are for different ends.
    const isApart = folder === undefined || folder.endsWith("}/") || this.#formsBeside(operation).length > 0;
    const key = isApart ? operation.key : `${call} ${folder}{step}`;
    return {
      why: `"${text}": the form that leads to no further one`,
      check: { action: { operation: this.#name({ target, key }), status: "2xx", completes: true } },
      proves: [text],
    };
  }

  /** Forms that lead to no further one, in the folder of a form. */
  #formsBeside({ target, path }: Operation): Operation[] {
    const folder = folderOf(path);
    return folder === undefined
      ? []
      : this.#catalog.operations.filter(
          (other) =>
            other.target === target &&
            other.writes &&
            other.leadsOn !== true &&
            other.path.startsWith(folder),
        );
  }

  /** What the parts of a goal make or change, and what reads must show of it at the end. */
  #thingsOf(changes: readonly ChangePart[]): Thing[] {
    const things = new Map<GoalPart, Thing>();
    /** The thing that shows a part that made none of its own. */
    const shownBy = new Map<GoalPart, Thing>();
    /** What a thing is once it was brought back. */
    const shownAs = new Map<GoalPart, Thing>();
    for (const part of changes) {
      const { madeBy } = part;
      const known = madeBy && (shownAs.get(madeBy) ?? things.get(madeBy) ?? shownBy.get(madeBy));
      if (known !== undefined && actsOnThing(part, known)) {
        const restored = restoredThing(known, part);
        if (restored !== undefined) {
          things.set(part, restored);
          if (madeBy !== undefined) shownAs.set(madeBy, restored);
          continue;
        }
        if (applyTo(known, part)) shownBy.set(part, known);
        continue;
      }
      const own = this.#thingOf(part);
      if (own !== undefined) things.set(part, own);
      else if (known !== undefined && addTo(known, part)) shownBy.set(part, known);
      else {
        const related = relatedThing(part, this.#catalog);
        if (related !== undefined) things.set(part, related);
      }
    }
    return [...things.values()];
  }

  #toolRead({ operation, text }: ChangePart, { read, given, contains }: ToolProbe): SuggestedCheck {
    return {
      why: `what ${operation.key} was given is found by ${read.key}`,
      check: {
        probe: {
          operation: this.#name(read),
          ...(Object.keys(given).length === 0 ? {} : { arguments: given }),
          after: this.#name(operation),
          expect: { status: 200, text: { contains } },
        },
      },
      proves: [text],
    };
  }

  #name({ target, key }: Pick<Operation, "target" | "key">): string {
    return this.#named ? `${target}: ${key}` : key;
  }

  #action(part: ChangePart, same: readonly ChangePart[]): SuggestedCheck {
    const { operation } = part;
    if (operation.leadsOn === true) return this.#lastForm(part);
    const body: Record<string, ExpectedValue> = {};
    const count = timesIn(same);
    if (count === 1)
      for (const [field, value] of shownIn(topFields(operation.answers), part))
        body[answerPath(operation, field)] = expectedValue(value);
    for (const [field, id] of this.#identities.get(part)?.ids ?? []) body[answerPath(operation, field)] = id;
    const capture = this.#captures.of(part);
    const shown = count === 1 && this.#web.has(operation.target) ? textOnPage(part) : undefined;
    const proves = same.map(({ text }) => text);
    const asked = proves.map((text) => `"${text}"`).join(", ");
    const from = operation.guessedFrom;
    return {
      why: from === undefined ? asked : `${asked}: a guess, as the page behind "${from}" was not opened`,
      check: {
        action: {
          operation: this.#name({ target: operation.target, key: this.#captures.keyOf(part) }),
          status: "2xx",
          ...(Object.keys(body).length === 0 ? {} : { body }),
          ...(shown === undefined ? {} : { text: { contains: shown } }),
          ...(count === 1 ? {} : { count }),
          ...(Object.keys(capture).length === 0 ? {} : { capture }),
        },
      },
      proves,
    };
  }

  /** What a part makes or changes, if a read can show it. */
  #thingOf(part: ChangePart): Thing | undefined {
    const { operation } = part;
    const read = readOfThing(operation, this.#catalog);
    if (read === undefined) return undefined;
    if (operation.method === "DELETE") return removedThing(part, read);
    const shown: Map<Field, ExpectedValue> = new Map(shownIn(read.fields, part));
    for (const [field, value] of assertedIn(read.fields, part.asserted)) shown.set(field, value);
    const isOld = !makesThing(operation);
    const named =
      isOld && shown.size === 0 && !read.isList ? fieldOfAction(read.operation.answers, part) : undefined;
    if (named !== undefined)
      return newThing(part, readWith(read, named[0]), {
        expected: new Map([[named[0], { value: named[1], part }]]),
      });
    // What was there before the goal began is read all the same: only a changed value proves something.
    if (shown.size === 0 && isOld) return undefined;
    const expected = new Map(Array.from(shown, ([field, value]) => [field, { value, part }]));
    return newThing(part, read, { expected });
  }

  #probe(thing: Thing): SuggestedCheck {
    const parts = new Set([
      ...thing.proves,
      ...[...thing.expected.values(), ...thing.entries].map(({ part }) => part),
    ]);
    return {
      why: whyThing(thing),
      check: this.#draft(thing),
      proves: [...(thing.removal === undefined ? parts : thing.proves)].map(({ text }) => text),
    };
  }
}

/** Where a path is, with a slash at its end; undefined at the root, where anything is. */
function folderOf(path: string): string | undefined {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  return folder.length > 1 ? folder : undefined;
}

/** How often an operation is called for some parts. */
const timesIn = (parts: readonly GoalPart[]): number => parts.reduce((sum, { times }) => sum + times, 0);

const hasOperation = (part: GoalPart): part is ChangePart => part.operation !== undefined;

/** A text that the goal names for what a form makes or changes: the page after it usually shows it. */
function textOnPage({ clause, values }: ChangePart): string | undefined {
  const named = [...values.values()].filter(
    (value): value is string => typeof value === "string" && clause.quoted.includes(value),
  );
  return named.find(canBeRead);
}
