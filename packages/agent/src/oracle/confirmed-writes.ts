import { statusMatches } from "@ape/core/config/scalar";
import type { Json } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import { decodePercent } from "@ape/core/lib/percent";
import { effectiveStatus, hasFailed, type ToolCall, type ToolResult } from "@ape/core/protocol/tool-call";
import { placesOf } from "../attribution/provenance.ts";
import { isFromCache } from "../attribution/refused-resource.ts";
import { type Expectation, mismatchOf, queryValue } from "./matcher.ts";

/** Writes whose answers are kept. */
const MAX_WRITES = 12;
/** Answers beyond this many characters are not kept. */
const MAX_ANSWER = 16_384;

/** A write that a target has confirmed. */
interface Write {
  target: string;
  method: string;
  path: string;
  status: number;
  body: Json | undefined;
}

/** What targets have answered to the writes of a session: a later read may contradict it. */
export class ConfirmedWrites {
  readonly #writes: Write[] = [];

  /** @param called method and path of the call, without its query */
  note(target: string, result: ToolResult, called: string | undefined): void {
    const [method = "", path = ""] = called?.split(" ") ?? [];
    if (path === "" || method === "GET" || hasFailed(result)) return;
    const { body } = result;
    const json = body.kind === "json" && writeJson(body.json).length <= MAX_ANSWER ? body.json : undefined;
    this.#writes.push({ target, method, path, status: effectiveStatus(result), body: json });
    if (this.#writes.length > MAX_WRITES) this.#writes.shift();
  }

  /**
   * Whether a read shows that a resource which the session itself has made is still as it was, although the target had answered
   * its new state, or that it was removed. Not if the target may still be doing it (202), or a cache has answered.
   */
  contradicts({ target, path }: ToolCall, expectation: Expectation, read: ToolResult): boolean {
    if (hasFailed(read) || effectiveStatus(read) !== 200 || read.body.kind !== "json" || isFromCache(read))
      return false;
    if (path.includes("?")) return false;
    const made = this.#makingOf(target, path);
    const later = this.#writes.filter(
      (write) => write.target === target && (write.path === path || write.path.startsWith(`${path}/`)),
    );
    const last = later.at(-1);
    if (made === undefined || last === undefined || last.status === 202) return false;
    const before = [made, ...later.slice(0, -1)].findLast(({ body }) => body !== undefined)?.body;
    if (before === undefined) return false;
    const shown = read.body.json;
    if (last.method === "DELETE")
      return last.path === path && !expectsFound(expectation) && isSame(shown, before);
    return last.body !== undefined && showsOld(expectation, { shown, confirmed: last.body, before });
  }

  /** The POST of this session that made what a path names: its answer has the id. */
  #makingOf(target: string, path: string): Write | undefined {
    const at = path.lastIndexOf("/");
    const id = decodePercent(path.slice(at + 1));
    return this.#writes.find(
      (write) =>
        write.target === target &&
        write.method === "POST" &&
        write.path === path.slice(0, at) &&
        write.body !== undefined &&
        !placesOf(writeJson(write.body), id).next().done,
    );
  }
}

const expectsFound = ({ status }: Expectation): boolean => statusMatches(status, 200);

const isSame = (one: Json, two: Json): boolean => writeJson(one) === writeJson(two);

/** Whether every value that is not as expected is the old one, and the confirmation had the new one. */
function showsOld(
  { body }: Expectation,
  { shown, confirmed, before }: { shown: Json; confirmed: Json; before: Json },
): boolean {
  const wrong = body.filter(
    ({ read, matcher }) => mismatchOf(queryValue(read, shown), matcher) !== undefined,
  );
  return (
    wrong.length > 0 &&
    wrong.every(({ read, matcher }) => {
      const [now, old] = [queryValue(read, shown), queryValue(read, before)];
      const isConfirmed = mismatchOf(queryValue(read, confirmed), matcher) === undefined;
      return isConfirmed && now !== undefined && old !== undefined && isSame(now, old);
    })
  );
}
