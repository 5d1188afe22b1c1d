import { isComposite, type Json } from "@ape/core/lib/json";
import type { ToolResult } from "@ape/core/protocol/tool-call";

/** Levels of an answer that are read: readers of JSON are recursive, and most servers allow far fewer. */
const MAX_LEVELS = 1_000;
/** A level takes two characters at least: a shorter answer needs no look. */
const FEWEST_BYTES = 2 * MAX_LEVELS;

/**
 * An answer that can be read by recursion: one that is nested deeper becomes a text that was cut. That is a limit of APE's
 * where the answer was a good one; a refusal stays one by its status.
 */
export function shallowAnswer(result: ToolResult): ToolResult {
  const { body, status, error } = result;
  if (body.kind !== "json" || body.bytes < FEWEST_BYTES || !isDeeper(body.json, MAX_LEVELS)) return result;
  const cut: ToolResult = { ...result, body: { kind: "text", text: "", bytes: body.bytes, cut: true } };
  if (error === undefined && status < 400)
    cut.error = {
      code: "gateway",
      message: `the answer is nested deeper than ${MAX_LEVELS.toLocaleString("en-US")} levels`,
    };
  return cut;
}

function isDeeper(json: Json, levels: number): boolean {
  if (!isComposite(json)) return false;
  if (levels === 0) return true;
  if (Array.isArray(json)) return json.some((item) => isDeeper(item, levels - 1));
  const object = json as Readonly<Record<string, Json>>;
  for (const key in object) if (isDeeper(object[key] ?? null, levels - 1)) return true;
  return false;
}
