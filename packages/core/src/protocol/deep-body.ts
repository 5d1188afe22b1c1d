import { isNestedDeeper } from "../lib/json.ts";
import type { Body } from "./tool-call.ts";

/** Levels of an answer that are read: readers and writers of JSON are recursive, and most servers allow far fewer. */
export const MAX_BODY_LEVELS = 1_000;
/** A level takes two characters. */
const FEWEST_BYTES = 2 * MAX_BODY_LEVELS;

/** A body that is nested deeper than {@link MAX_BODY_LEVELS}, as a text that was cut; undefined of any other. */
export function cutDeepBody(body: Body): Body | undefined {
  if (body.kind !== "json" || body.bytes <= FEWEST_BYTES || !isNestedDeeper(body.json, MAX_BODY_LEVELS))
    return undefined;
  return { kind: "text", text: "", bytes: body.bytes, cut: true };
}
