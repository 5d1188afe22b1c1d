import { isPlainIdName } from "@ape/core/protocol/id-name";
import { lastPart } from "@ape/core/protocol/operations/path-words";
import type { Field } from "../operations/field.ts";
import type { Operation } from "../operations/operation-catalog.ts";
import { subjectOf } from "../operations/operation-subject.ts";
import { lastWord } from "../words/words.ts";
import { capturePath } from "./answer-path.ts";
import type { ChangePart } from "./goal-parts.ts";
import { answeredType, payloadOf } from "./thing-read.ts";

const CAPTURE = /^[A-Za-z][\w-]*$/;

/** The values of answers and of paths that the probes of a goal need, each with a name that no other one has. */
export class Captures {
  readonly #taken = new Set<string>();
  readonly #byPart = new Map<ChangePart, Map<Field, string>>();
  /** Names of what is taken from paths: the path of another action must not have them. */
  readonly #ofPaths = new Set<string>();

  /** The name of a field of a part's answer or path; `parameter` is what the place is called that it is needed for. */
  nameOf(part: ChangePart, field: Field, parameter: string): string {
    const own = this.#byPart.get(part) ?? new Map<Field, string>();
    this.#byPart.set(part, own);
    const known = own.get(field);
    if (known !== undefined) return known;
    const noun = field.in === "path" ? nounBefore(field, part.operation) : nounOf(part.operation);
    const wanted = isPlainIdName(parameter) ? field.leaf : parameter;
    const base = isPlainIdName(wanted) || !CAPTURE.test(wanted) ? `${noun}Id` : wanted;
    let name = base;
    for (let number = 2; this.#taken.has(name); number += 1) name = `${base}${number}`;
    this.#taken.add(name);
    if (field.in === "path") this.#ofPaths.add(name);
    own.set(field, name);
    return name;
  }

  /** Whether a probe needs anything of a part's answer or path. */
  has(part: ChangePart): boolean {
    return this.#byPart.has(part);
  }

  /** A name for a parameter that no probe needs, other than what a probe takes from another path. */
  #free(parameter: string): string {
    let name = parameter;
    for (let number = 2; this.#ofPaths.has(name); number += 1) name = `${parameter}${number}`;
    return name;
  }

  /** The captures of a part's action, by name: JSONPaths of its answer. */
  of(part: ChangePart): Record<string, string> {
    return Object.fromEntries(
      [...(this.#byPart.get(part) ?? [])].flatMap(([field, name]) =>
        field.in === "answer" ? [[name, capturePath(part.operation, field)]] : [],
      ),
    );
  }

  /** The operation of a part's action, whose parameters have the names by which probes take them. */
  keyOf(part: ChangePart): string {
    let { key } = part.operation;
    const own = [...(this.#byPart.get(part) ?? [])].filter(([field]) => field.in === "path");
    for (const [, parameter = ""] of part.operation.path.matchAll(/\{([^}]+)\}/g)) {
      const name = own.find(([field]) => field.name === parameter)?.[1] ?? this.#free(parameter);
      key = key.replace(`{${parameter}}`, `{${name}}`);
    }
    return key;
  }
}

/** What an id in a path is of: `course` of `/courses/{id}/pupils`. */
function nounBefore({ name }: Field, operation: Operation): string {
  const before = operation.path.slice(0, Math.max(0, operation.path.indexOf(`/{${name}}`)));
  const word = lastWord(lastPart(before).replace(/s$/, ""));
  return CAPTURE.test(word) ? word : nounOf(operation);
}

/** What an operation makes or changes, in one word: `note` of `POST /notes`. */
function nounOf(operation: Operation): string {
  const type = payloadOf(operation) ?? answeredType(operation) ?? "";
  const name = type === "" ? lastPart(subjectOf(operation).collection).replace(/s$/, "") : type;
  const word = lastWord(name);
  return CAPTURE.test(word) ? word : "thing";
}
