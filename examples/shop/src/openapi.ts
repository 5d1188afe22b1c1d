import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** The shop's OpenAPI 3.1 document: as the file has it, and as JSON text. */
export interface Contract {
  yaml: string;
  json: string;
}

/** Reads `openapi.yaml`, which lies one folder above this file. */
export function readContract(): Contract {
  const yaml = readFileSync(new URL("../openapi.yaml", import.meta.url), "utf8");
  return { yaml, json: JSON.stringify(parse(yaml)) };
}
