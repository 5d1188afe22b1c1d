import { digest, pick, scramble } from "@ape/shop/seeded";

type Json = Record<string, unknown>;

/** The parts of a request that contain names. */
export interface Named {
  /** Path and query. */
  path: string;
  /** The body as JSON text; empty for none. */
  body: string;
}

/** An API under meaningless names: only its descriptions say what anything is for. */
export interface Renaming {
  /** The document with all names of paths, parameters, fields and components replaced; descriptions unchanged. */
  readonly document: Json;
  /** The made-up word for a name of the original. Throws for anything that is no name in it. */
  word(name: string): string;
  /** Translates a request back to the original names. */
  request(named: Named): Named;
  /** Translates a JSON answer of the original to the made-up names. Text that is no JSON stays unchanged. */
  response(text: string): string;
}

const ONSETS = [
  "b",
  "br",
  "d",
  "dr",
  "f",
  "fl",
  "g",
  "gl",
  "k",
  "kr",
  "m",
  "n",
  "p",
  "pl",
  "s",
  "sk",
  "t",
  "tr",
  "v",
  "z",
];
const VOWELS = ["a", "e", "i", "o", "u", "ai", "ou"];
const CODAS = ["", "", "l", "m", "n", "r", "sh", "x"];

/** A path for requests to paths that the renamed API does not have: one that no API has either. */
const NOWHERE = "/-/nowhere";

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A pronounceable word of two or three syllables without a meaning. */
function coin(seed: number, name: number, attempt: number): string {
  const syllables = 2 + (scramble(seed, name, attempt, 0) % 2);
  let word = "";
  for (let at = 0; at < syllables; at += 1) {
    word += pick(ONSETS, seed, name, attempt, 3 * at + 1) + pick(VOWELS, seed, name, attempt, 3 * at + 2);
    if (at === syllables - 1) word += pick(CODAS, seed, name, attempt, 3 * at + 3);
  }
  return word;
}

function isParameter(segment: string): boolean {
  return segment.startsWith("{") && segment.endsWith("}");
}

function isRenamedParameter(node: Json): boolean {
  return typeof node.name === "string" && (node.in === "path" || node.in === "query");
}

/** All names that the document gives: path segments, parameters of path and query, fields, components. */
function namesOf(document: Json): Set<string> {
  const names = new Set<string>();
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const inner of node) walk(inner);
    if (!isJson(node)) return;
    if (isRenamedParameter(node)) names.add(String(node.name));
    for (const [key, inner] of Object.entries(node)) {
      if (key === "properties" && isJson(inner)) {
        for (const [name, schema] of Object.entries(inner)) {
          names.add(name);
          walk(schema);
        }
      } else walk(inner);
    }
  };
  walk(document);
  for (const path of Object.keys(isJson(document.paths) ? document.paths : {})) {
    for (const segment of path.split("/")) {
      if (segment !== "") names.add(isParameter(segment) ? segment.slice(1, -1) : segment);
    }
  }
  for (const [section, parts] of Object.entries(isJson(document.components) ? document.components : {})) {
    if (section !== "securitySchemes" && isJson(parts))
      for (const name of Object.keys(parts)) names.add(name);
  }
  return names;
}

function coinAll(names: Set<string>, seed: number): Map<string, string> {
  const words = new Map<string, string>();
  const taken = new Set(names);
  for (const name of [...names].toSorted()) {
    let attempt = 0;
    let word = coin(seed, digest(name), attempt);
    while (taken.has(word)) {
      attempt += 1;
      word = coin(seed, digest(name), attempt);
    }
    taken.add(word);
    words.set(name, word);
  }
  return words;
}

/** A copy of a JSON value whose keys are renamed at every depth; a key that becomes undefined is left out. */
function renameKeys(value: unknown, rename: (key: string) => string | undefined): unknown {
  if (Array.isArray(value)) return value.map((inner) => renameKeys(inner, rename));
  if (!isJson(value)) return value;
  const renamedEntries: Array<[string, unknown]> = [];
  for (const [key, inner] of Object.entries(value)) {
    const to = rename(key);
    if (to !== undefined) renamedEntries.push([to, renameKeys(inner, rename)]);
  }
  return Object.fromEntries(renamedEntries);
}

function renameText(text: string, rename: (key: string) => string | undefined): string {
  try {
    return JSON.stringify(renameKeys(JSON.parse(text), rename));
  } catch {
    return text;
  }
}

/** Puts an OpenAPI document, and what goes to and from its server, under made-up names that the seed decides. */
export function renamedDocument(document: Json, seed: number): Renaming {
  const words = coinAll(namesOf(document), seed);
  const names = new Map([...words].map(([name, word]) => [word, name]));
  const forth = (name: string): string => words.get(name) ?? name;
  const back = (word: string): string | undefined => names.get(word) ?? (words.has(word) ? undefined : word);

  const renamePath = (path: string): string =>
    path
      .split("/")
      .map((part) => (isParameter(part) ? `{${forth(part.slice(1, -1))}}` : forth(part)))
      .join("/");
  const renameMap = (map: Json, rename: (key: string) => string): Json =>
    Object.fromEntries(Object.entries(map).map(([key, value]) => [rename(key), rewrite(value)]));

  const rewriteEntry = (key: string, value: unknown, node: Json): unknown => {
    if (key === "$ref" && typeof value === "string") return value.replace(/[^/]+$/, forth);
    if (key === "name" && isRenamedParameter(node)) return forth(String(value));
    if (key === "required" && Array.isArray(value)) return value.map(forth);
    if (key === "properties" && isJson(value)) return renameMap(value, forth);
    if (key === "paths" && isJson(value)) return renameMap(value, renamePath);
    if (key === "example" || key === "default" || key === "const") return renameKeys(value, forth);
    if (key !== "components" || !isJson(value)) return rewrite(value);
    const sections = Object.entries(value).map(([section, parts]) => [
      section,
      section === "securitySchemes" || !isJson(parts) ? parts : renameMap(parts, forth),
    ]);
    return Object.fromEntries(sections);
  };
  const rewrite = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(rewrite);
    if (!isJson(node)) return node;
    const kept = Object.entries(node).filter(([key]) => key !== "operationId" && key !== "tags");
    return Object.fromEntries(kept.map(([key, value]) => [key, rewriteEntry(key, value, node)]));
  };

  const templates = Object.keys(isJson(document.paths) ? document.paths : {})
    .map((original) => {
      const pattern = renamePath(original).replaceAll(/\{[^}]+\}/g, "([^/]+)");
      return { original, matches: new RegExp(`^${pattern}$`), parameters: original.split("{").length - 1 };
    })
    .toSorted((a, b) => a.parameters - b.parameters);
  const originalPath = (path: string): string => {
    for (const { original, matches } of templates) {
      const found = matches.exec(path);
      if (found === null) continue;
      let at = 0;
      return original.replaceAll(/\{[^}]+\}/g, () => found[++at] ?? "");
    }
    return NOWHERE;
  };

  return {
    document: rewrite(document) as Json,
    word: (name) => {
      const word = words.get(name);
      if (word === undefined) throw new Error(`the document has no "${name}"`);
      return word;
    },
    request: ({ path, body }) => {
      const [route = "", search = ""] = path.split("?", 2);
      const query = new URLSearchParams();
      for (const [word, value] of new URLSearchParams(search)) {
        const name = back(word);
        if (name !== undefined) query.append(name, value);
      }
      const asked = query.size > 0 ? `?${query}` : "";
      return { path: originalPath(route) + asked, body: renameText(body, back) };
    },
    response: (text) => renameText(text, forth),
  };
}
