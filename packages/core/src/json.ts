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
