import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { referencePages } from "./reference.ts";

/** Writes the reference pages from the registries they describe: `npm run docs`. */
for (const [file, text] of Object.entries(await referencePages())) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
