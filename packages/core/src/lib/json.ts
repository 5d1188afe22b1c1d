import { LosslessNumber } from "./lossless-number.ts";

/** Any value that JSON can hold. Numbers whose digits a double would change keep them. */
export type Json = null | boolean | number | LosslessNumber | string | Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  [key: string]: Json;
}

/** Whether a value is a JSON object (neither null nor an array, nor a number that keeps its digits). */
export function isJsonObject(value: unknown): value is JsonObject {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof LosslessNumber)
  );
}

/** Whether a value is a list or an object. */
export function isComposite(value: Json | undefined): value is Json[] | JsonObject {
  return typeof value === "object" && value !== null && !(value instanceof LosslessNumber);
}

/** Whether a value holds others in others beyond a number of levels. Needs no stack for them. */
export function isNestedDeeper(value: Json, levels: number): boolean {
  let here: (Json[] | JsonObject)[] = isComposite(value) ? [value] : [];
  for (let level = 1; here.length > 0; level += 1) {
    if (level > levels) return true;
    const below: (Json[] | JsonObject)[] = [];
    for (const one of here)
      if (Array.isArray(one)) {
        for (const item of one) if (isComposite(item)) below.push(item);
      } else
        for (const key in one) {
          const item = one[key];
          if (isComposite(item)) below.push(item);
        }
    here = below;
  }
  return false;
}
