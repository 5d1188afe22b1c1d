import { fileURLToPath } from "node:url";

const inDist = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** Files of the built package that other processes are started from, and the demo's own files. */
export const PATHS = {
  self: inDist("../bin/ape-test.mjs"),
  agents: inDist("agents.js"),
  shop: inDist("shop.js"),
  demo: inDist("../demo"),
  evaluation: inDist("../evaluation"),
  image: inDist("../image"),
  templates: inDist("../templates"),
} as const;
