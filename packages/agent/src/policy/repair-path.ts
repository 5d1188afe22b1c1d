import type { HttpMethod } from "@ape/core/protocol/operation";

/** A path that a call can be made with, and what was done to it. */
export interface RepairedPath {
  path: string;
  /** The target whose URL it was. */
  target?: string;
  repair?: "path" | "full_url";
}

const METHOD_BEFORE = /^(GET|POST|PUT|PATCH|DELETE)\s+(\S.*)$/i;
const HOW = "write the path from /, such as /products";
/** A path that only lacks its slash. */
const RELATIVE = /^(?!\.)[\p{L}\p{N}_~.%{}-][^\s:]*$/u;

/**
 * Reads a path that a model wrote: without its slash, with the method before it, or as the URL of a target.
 * @param origins base URL of each target
 * @returns one sentence for the model where it may mean something else
 */
export function repairPath(
  written: string,
  method: HttpMethod,
  origins: Readonly<Record<string, string>>,
): RepairedPath | string {
  const text = written.trim();
  const before = METHOD_BEFORE.exec(text);
  if (before !== null) {
    const named = (before[1] as string).toUpperCase();
    if (named !== method) return `the path says ${named}, but this tool sends ${method}; ${HOW}`;
    const rest = repairPath(before[2] as string, method, origins);
    return typeof rest === "string" ? rest : { repair: "path", ...rest };
  }
  const changed = text === written ? {} : ({ repair: "path" } as const);
  if (text.startsWith("/") || text.startsWith("{{")) return { path: text, ...changed };
  const url = byUrl(text, origins);
  if (url !== undefined) return url;
  if (/^[a-z][a-z\d+.-]*:/i.test(text)) return `${text.slice(0, 60)} is not within the API; ${HOW}`;
  if (!RELATIVE.test(text) || text.includes("..")) return `the path cannot be read; ${HOW}`;
  return { path: `/${text}`, repair: "path" };
}

/** The path within the target whose URL a text begins with, its scheme left out or not. */
function byUrl(text: string, origins: Readonly<Record<string, string>>): RepairedPath | undefined {
  let found: RepairedPath | undefined;
  let longest = 0;
  for (const [target, baseUrl] of Object.entries(origins)) {
    const base = baseUrl.replace(/\/+$/, "");
    for (const start of [base, base.replace(/^https?:\/\//, "")]) {
      if (start === "" || start.length <= longest || !text.toLowerCase().startsWith(start.toLowerCase()))
        continue;
      const rest = text.slice(start.length);
      if (!/^(?:$|[/?#])/.test(rest)) continue;
      longest = start.length;
      found = { path: rest.startsWith("/") ? rest : `/${rest}`, target, repair: "full_url" };
    }
  }
  return found;
}
