import { ApeError } from "@ape/core/lib/errors";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import type { GeneratedFile } from "./generator.ts";

const SCRIPTS: Readonly<Record<string, string>> = {
  load: "ape-test start",
  "load:check": "ape-test validate",
  "load:generate": "ape-test generate",
};

/**
 * package.json with the scripts of a load test and `ape-test` itself. An existing one gets what it lacks; nothing of it
 * is changed.
 * @param version of this `ape-test`
 * @throws ApeError FILE_MISSING (on merging) if the existing one is no JSON object
 */
export function packageFile(name: string, version: string): GeneratedFile {
  const ours = { scripts: SCRIPTS, devDependencies: { "ape-test": `^${version}` } };
  return {
    path: "package.json",
    text: textOf({ name: packageName(name), private: true, type: "module", ...ours }),
    merge: (before) => {
      const theirs = read(before);
      const merged: Record<string, Json> = { ...theirs };
      for (const [key, values] of Object.entries(ours)) {
        const own = theirs[key];
        merged[key] = { ...values, ...(isJsonObject(own) ? own : {}) };
      }
      const dependencies = theirs.dependencies;
      if (isJsonObject(dependencies) && dependencies["ape-test"] !== undefined) {
        const { "ape-test": _, ...others } = merged.devDependencies as JsonObject;
        if (Object.keys(others).length > 0) merged.devDependencies = others;
        else delete merged.devDependencies;
      }
      return sameJson(merged, theirs) ? before : textOf(merged);
    },
  };
}

function read(text: string): JsonObject {
  try {
    const value = JSON.parse(text) as Json;
    if (isJsonObject(value)) return value;
  } catch {
    // Reported below, as for any other text that is no object.
  }
  throw new ApeError("FILE_MISSING", "the package.json that is there cannot be read", {
    hint: "Correct it, or work in another folder.",
  });
}

/** Equal but for the order of the keys. */
function sameJson(one: Json, other: Json | undefined): boolean {
  if (!isJsonObject(one) || !isJsonObject(other)) return JSON.stringify(one) === JSON.stringify(other);
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length && keys.every((key) => sameJson(one[key] as Json, other[key]))
  );
}

const textOf = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

/** A name that npm accepts. */
function packageName(name: string): string {
  const legal = name
    .toLowerCase()
    .replaceAll(/[^a-z\d._-]+/g, "-")
    .replaceAll(/^[._-]+|-+$/g, "");
  return legal === "" ? "load-test" : legal;
}
