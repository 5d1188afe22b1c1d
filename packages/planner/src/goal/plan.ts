import type { Clause } from "@ape/catalog/goal/clause";
import type { NumberedThing } from "@ape/catalog/goal/phrases/numbered-thing";
import type { ThingName } from "@ape/catalog/goal/phrases/thing-name";
import type { ToldField } from "@ape/catalog/goal/things/told-field";
import type { StatedTime } from "@ape/catalog/goal/times/points-in-time";
import type { Field } from "@ape/catalog/operations/field";
import type { Operation, Source } from "@ape/catalog/operations/operation-catalog";
import type { StatedPart } from "./stated-parts.ts";

/** A kind of thing that a goal looks for. */
export interface SoughtKind {
  name: ThingName;
  /** The clause that looks for it and that nothing serves, in the goal's words. */
  clause?: string;
}

/** A choice from a list, by its constraints. */
export interface ListChoice {
  /** Index of the step that lists. */
  step: number;
  /** Clauses with the constraints. */
  clauses: Clause[];
  /** Must differ from other choices of the same list. */
  apart: boolean;
  /** The name or the number that the goal gives for it: no other one will do. */
  called?: ThingName;
  /** Names of what it is about: of `the stay of Ann in Fox Den`. */
  about?: readonly ThingName[];
  /** Numbers of what it is about, which the list shows: of `the reservation of table 7`. */
  numbers?: readonly NumberedThing[];
  /** What it has in fields of the list: of `the lesson in room B`. */
  parts?: readonly StatedPart[];
  /** Fields and their values by which the goal tells it: a thing without them is not meant. */
  told?: readonly ToldField[];
  /** Its place in the list, from 1; -1 for the last. */
  position?: number;
  /** The days and the times of day that it is on, each in the fields of the list that say it. */
  points?: readonly { point: StatedTime; fields: readonly Field[] }[];
  /**
   * Words in small letters that tell it from others of its kind: `south` of `the south depot`, and `drill`, which is a word for tools.
   * @property isNoun whether the word is one for such things: where they have names of their own any of them may be meant
   */
  described?: { text: string; isNoun: boolean };
  /** Its kind, in a word that nothing here has: what shows it, or is about what shows it, goes first. */
  kind?: SoughtKind;
  /** The name is one that the target itself is asked for: what it finds by it is what is meant. */
  isTerm?: true;
}

/** The origin of an input's value. */
export type Binding =
  | { kind: "fact"; name: string }
  | { kind: "choice"; choice: ListChoice; field: Field }
  /** `nth`: of several calls that one clause asked for, which one gives it. */
  | { kind: "answer"; step: number; source: Source; nth?: number };

/** One call that the goal needs. */
export interface Step {
  operation: Operation;
  /** The clause that asked for it; undefined if another step needs it. */
  clause: Clause | undefined;
  bindings: Map<Field, Binding>;
}

/** The calls for a goal in their order, each input bound to the origin of its value. */
export interface Plan {
  steps: Step[];
  choices: ListChoice[];
  /** The words of clauses that no operation serves, in order. */
  uncovered: string[];
  /** What clauses act on by a name that nothing has that is known: they are not served. */
  unnamed: ThingName[];
  /** What the clauses that are served say besides, that nothing accounts for. */
  notUnderstood: string[];
}

/** Names the clauses that no operation serves. */
const nothingServes = (uncovered: readonly string[]): string =>
  `nothing here serves ${quotedList(uncovered)}`;

/** Says that no answer has a thing of a name. */
export const nothingCalled = ({ whole, or = [], numbered, point }: ThingName): string =>
  point !== undefined
    ? `nothing here is at ${quotedList([whole])}`
    : numbered === undefined
      ? `nothing here is called ${quotedList([whole, ...or])}`
      : nothingNumbered([numbered]);

/** Says that there are no more things of a name than those that were taken. */
export const nothingElse = ({ whole }: ThingName): string =>
  `nothing else here is called ${quotedList([whole])}`;

/** Says that nothing in a list is about what is called so, although there is such a thing. */
export const nothingAbout = (...names: ThingName[]): string =>
  `nothing here is about ${quotedList(names.map(({ whole }) => whole))}`;

/** Says that no answer has a thing of a number, or about one: `there is no order 77 here`. */
export const nothingNumbered = (things: readonly NumberedThing[]): string =>
  `there is no ${things.map(({ said }) => said).join(", ")} here`;

/** Says that nothing in a list has what a goal says of it. */
export const nothingWith = (parts: readonly { said: string }[]): string =>
  `nothing here has ${quotedList(parts.map(({ said }) => said))}`;

/** Says that a list has nothing at a place. */
export const nothingInPlace = (position: number): string =>
  `the list has ${position < 0 ? "no last" : `fewer than ${position}`} that suit`;

/** Says that no answer has a thing on a day, or at a time. */
export const nothingAt = (points: NonNullable<ListChoice["points"]>): string =>
  `nothing here is at ${quotedList(points.map(({ point }) => point.text))}`;

/** What a plan leaves undone, each in words: what nothing is called, then what nothing serves. */
export const leftUndone = ({ unnamed, uncovered }: Pick<Plan, "unnamed" | "uncovered">): string[] => [
  ...unnamed.map(nothingCalled),
  ...(uncovered.length === 0 ? [] : [nothingServes(uncovered)]),
];

/** Words of a goal, each in quotation marks. */
export const quotedList = (texts: readonly string[]): string =>
  texts.map((text) => (text.startsWith('"') ? text : JSON.stringify(text))).join(", ");
