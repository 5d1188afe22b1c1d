import { fileURLToPath } from "node:url";

/** A path of the package, relative to `dist` and `src` alike: the command also runs from source, with built workers. */
const inPackage = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Files of the built package that other processes are started from, and the demo's own files. */
export const PATHS = {
  self: inPackage("bin/ape-test.mjs"),
  agents: inPackage("dist/agents.js"),
  shop: inPackage("dist/shop.js"),
  page: inPackage("dist/page"),
  demo: inPackage("demo"),
  evaluation: inPackage("evaluation"),
  image: inPackage("image"),
  templates: inPackage("templates"),
} as const;
