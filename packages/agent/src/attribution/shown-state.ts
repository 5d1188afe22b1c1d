import { isJsonObject, type Json } from "@ape/core/lib/json";
import { objectAround, placesOf } from "./provenance.ts";

const STATE_NAME =
  /^(?:\w*(?:state|status|phase|stage)|locked|closed|archived|frozen|cancelled|canceled|published|paid)$/i;
/** Whether a field has the name of one for a state. */
export const isStateName = (name: string): boolean => STATE_NAME.test(name);
const MAX_STATES = 8;

/** State-like fields of an object, a level down too: `[["state", "open"]]`. At most 8. */
export function statesOf(json: Json, depth = 0): [name: string, value: string][] {
  const found: [string, string][] = [];
  if (!isJsonObject(json)) return found;
  for (const key in json) {
    const value = json[key];
    if (found.length >= MAX_STATES) break;
    if (typeof value === "string" && value.length <= 40 && STATE_NAME.test(key)) found.push([key, value]);
    // A flag that is set is a state by its own name.
    else if (value === true && STATE_NAME.test(key)) found.push([key, key]);
    else if (depth < 1 && isJsonObject(value)) found.push(...statesOf(value, depth + 1));
  }
  return found;
}

/**
 * The states that answers showed of a resource, the latest last.
 * @param texts answers as JSON texts, the oldest first
 * @param id value that identifies the resource
 */
export function shownStates(texts: readonly string[], id: string): string[] {
  const states: string[] = [];
  for (const text of texts)
    for (const at of placesOf(text, id)) {
      const object = objectAround(text, at);
      try {
        for (const [, value] of statesOf(JSON.parse(object) as Json)) states.push(value);
      } catch {
        // An answer that was cut is no whole object: nothing is known of its state.
      }
      break;
    }
  return states;
}
