import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { Mutant } from "@stryker-mutator/api/core";
import type { Logger } from "@stryker-mutator/api/logging";
import { Instrumenter } from "@stryker-mutator/instrumenter";
import { mutantKey } from "./mutant-key.mjs";

/** One mutant that may be tested: `original` is the text it replaces, `occurrence` tells equal ones of a file apart. */
export interface Candidate {
  file: string;
  line: number;
  original: string;
  replacement: string;
  occurrence: number;
  /** The line of the source that it begins in. */
  source: string;
  key: string;
}

interface Node {
  type: string;
  callee?: Node & { property?: { name?: string } };
}

interface NodePath {
  node: Node;
  parent: Node | null;
  parentPath: NodePath | null;
  listKey?: string;
}

const PROSE = new Set(["describe", "meta"]);

/** The reason why mutants of this node are left out: texts of a schema are read by people and by `npm run docs` only. */
function schemaProse(path: NodePath): string | undefined {
  const { parent } = path;
  if (path.listKey !== "arguments" || parent?.type !== "CallExpression") return undefined;
  return PROSE.has(parent.callee?.property?.name ?? "") ? "prose of a schema" : undefined;
}

const silent = (): void => undefined;
const LOGGER: Logger = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  fatal: silent,
};

/** Source files below a file or folder, without tests, relative to `root`. */
export function sourcesBelow(root: string, path: string): string[] {
  const absolute = join(root, path);
  if (statSync(absolute).isFile()) return [path];
  return readdirSync(absolute, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /(?<!\.(?:test|testing|d))\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

function textAt(lines: string[], { start, end }: Mutant["location"]): string {
  if (start.line === end.line) return (lines[start.line] ?? "").slice(start.column, end.column);
  const between = lines.slice(start.line + 1, end.line);
  const last = (lines[end.line] ?? "").slice(0, end.column);
  return [(lines[start.line] ?? "").slice(start.column), ...between, last].join("\n");
}

/** All mutants of the files, prose of schemas aside. */
export async function mutantsOf(root: string, files: string[]): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (const file of files) {
    const content = readFileSync(join(root, file), "utf8");
    const lines = content.split("\n");
    const { mutants } = await new Instrumenter(LOGGER).instrument(
      [{ name: join(root, file), mutate: true, content }],
      {
        excludedMutations: [],
        plugins: null,
        ignorers: [{ shouldIgnore: (path) => schemaProse(path as NodePath) }],
      },
    );
    const seen = new Map<string, number>();
    for (const mutant of mutants) {
      if (mutant.status !== undefined) continue;
      const original = textAt(lines, mutant.location);
      const text = `${original}\0${mutant.replacement}`;
      const occurrence = seen.get(text) ?? 0;
      seen.set(text, occurrence + 1);
      candidates.push({
        file,
        line: mutant.location.start.line + 1,
        original,
        replacement: mutant.replacement,
        occurrence,
        source: lines[mutant.location.start.line] ?? "",
        key: mutantKey(mutant),
      });
    }
  }
  return candidates;
}
