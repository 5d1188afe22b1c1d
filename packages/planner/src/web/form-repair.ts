import { isSecret } from "@ape/catalog/operations/field";
import type { Json, JsonObject } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import { coerce, defaultFor } from "../choice/default-value.ts";
import { isPlaceholder } from "../goal/fact-assignment.ts";
import { replacementValue } from "../repair/error-correction.ts";
import type { SeenField, SeenForm } from "./page-reader.ts";
import type { WebCall } from "./web-progress.ts";

/**
 * Fills a form again that was returned with errors: fields that the page marks get another value, others keep theirs.
 * If it marks no field, empty fields are filled in.
 * @param tries earlier submissions, oldest first, the last one refused
 * @param first the values without knowledge of a refusal
 * @returns undefined if nothing can be changed
 */
export function repairForm(
  form: SeenForm,
  tries: readonly WebCall[],
  first: JsonObject,
  seed: number,
): JsonObject | undefined {
  const filled: JsonObject = {};
  let changed = false;
  // A field that repeats a password gets the same one.
  let secret: Json | undefined;
  const marked = form.fields.some(({ error }) => error !== undefined);
  for (const [place, field] of form.fields.entries()) {
    const sent = sentFor(field, tries.at(-1));
    const value =
      secret !== undefined && isSecret(field)
        ? secret
        : field.error !== undefined
          ? otherValue(field, field.error, sent, tries, seed)
          : marked || sent !== undefined || field.filled || first[field.name] !== undefined
            ? undefined
            : plausible(field, place, seed);
    if (field.error !== undefined && isSecret(field)) secret ??= value;
    if (value !== undefined) {
      filled[field.name] = field.checkbox ? value : coerce(value, field);
      changed ||= writeJson(value) !== writeJson(sent);
    } else if (!field.filled) {
      // A page never returns a secret.
      const kept = sent ?? first[field.name];
      if (kept !== undefined) filled[field.name] = kept;
    }
  }
  return changed ? filled : undefined;
}

function sentFor({ name }: SeenField, call: WebCall | undefined): Json | undefined {
  return call !== undefined && Object.hasOwn(call.fields, name) ? call.fields[name] : undefined;
}

function otherValue(
  field: SeenField,
  said: string,
  sent: Json | undefined,
  tries: readonly WebCall[],
  seed: number,
): Json | undefined {
  if (typeof sent === "string" && isPlaceholder(sent)) return sent;
  if (field.checkbox) return sent !== true;
  const tried = new Set(tries.map((call) => writeJson(sentFor(field, call))));
  return replacementValue(field, sent, said, tried, seed);
}

function plausible(field: SeenField, place: number, seed: number): Json | undefined {
  if (isSecret(field)) return undefined;
  if (field.checkbox) return true;
  return field.enum === undefined ? defaultFor(field, place, seed) : (field.enum[0] as Json | undefined);
}
