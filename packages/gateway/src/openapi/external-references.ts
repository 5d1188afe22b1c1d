import { realpath } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ApeError, messageOf } from "@ape/core/lib/errors";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { download, isUrl, readBounded, shownSource } from "./document-source.ts";
import { parseDocument } from "./parse.ts";
import { escapePointer, valueAtPointer } from "./pointer.ts";
import { type Reference, type Scan, scanReferences } from "./reference-scan.ts";

/** The key of a bundled document under which the other files are, by their relative paths. */
export const FILES_KEY = "x-ape-files";

const MAX_FILES = 5_000;
const AT_ONCE = 16;

interface File {
  /** Absolute, without a fragment. */
  url: string;
  /** Pointer to its root within the bundle: `#`, or `#/x-ape-files/...`. */
  pointer: string;
  /** Its relative path, for messages. */
  name: string;
  scan: Scan;
}

/**
 * Makes a document of several files one: reads every file that its references lead to, files of files included, puts
 * them under `x-ape-files` and rewrites the references in place. Only files below `baseDir` are read, or for a document
 * from a URL, only URLs of the same origin. A discriminator's mapping to what cannot be read is left unchanged: it may
 * be a name.
 * @param source the path (relative to `baseDir`) or URL of the document
 * @throws ApeError SPEC_INVALID for a reference elsewhere or to what cannot be read, with the reference and its place
 */
export async function bundleReferences(root: JsonObject, source: string, baseDir: string): Promise<void> {
  const url = isUrl(source) ? new URL(source) : pathToFileURL(resolve(baseDir, source));
  url.hash = "";
  const first: File = { url: url.href, pointer: "#", name: shownSource(source), scan: scanReferences(root) };
  noteSelf(root, first);
  const files = new Map([[first.url, first]]);
  let wave = [first];
  while (wave.length > 0) {
    const wanted = new Map<string, { from: File; reference: Reference; optional: boolean }>();
    for (const from of wave) {
      for (const reference of mappingsOf(from)) {
        const target = targetOf(reference, from, first);
        if (target !== undefined && !files.has(target) && !wanted.has(target))
          wanted.set(target, { from, reference, optional: true });
      }
      for (const reference of from.scan.references) {
        const target = targetOf(reference, from, first);
        if (target !== undefined && !files.has(target))
          wanted.set(target, { from, reference, optional: false });
      }
    }
    if (files.size + wanted.size > MAX_FILES)
      throw new ApeError("SPEC_INVALID", `${first.name} refers to more than ${MAX_FILES} files`, {
        hint: "Bundle the document into one file.",
      });
    const next: File[] = [];
    const waiting = [...wanted];
    while (waiting.length > 0) {
      const loaded = await Promise.all(
        waiting.splice(0, AT_ONCE).map(async ([target, { from, reference, optional }]) => {
          const reading = load(target, from, reference, url, baseDir);
          const content = await (optional ? reading.catch(() => undefined) : reading);
          return { target, content };
        }),
      );
      for (const { target, content } of loaded)
        if (content !== undefined) next.push(add(root, target, content, url));
    }
    for (const file of next) files.set(file.url, file);
    wave = next;
  }
  for (const file of files.values()) {
    for (const reference of [...file.scan.references, ...mappingsOf(file)])
      rewrite(reference, file, first, files, root);
    for (const reference of file.scan.dynamic) followDynamic(reference, file, first);
  }
}

/**
 * Makes references to the document by its own address, `$self`, references within it (OpenAPI 3.2, "Establishing the
 * Base URI").
 */
function noteSelf({ $self }: JsonObject, first: File): void {
  if (typeof $self !== "string" || !URL.canParse($self, first.url)) return;
  const self = new URL($self, first.url);
  self.hash = "";
  first.scan.ids.set(self.href, "#");
  for (const one of first.scan.references) {
    if (one.reference.startsWith("#") || one.base !== undefined) continue;
    const mark = one.reference.indexOf("#");
    const target = URL.canParse(one.reference, self.href) ? new URL(one.reference, self.href) : undefined;
    if (mark < 0 || target === undefined) continue;
    target.hash = "";
    if (target.href !== self.href) continue;
    one.reference = one.reference.slice(mark);
    one.holder.$ref = one.reference;
  }
}

/**
 * A dynamic reference as a plain one to its anchor: what it leads to without an extending schema around it
 * (JSON Schema 2020-12, section 8.2.3.2).
 */
function followDynamic({ holder, reference }: Reference, from: File, first: File): void {
  if (holder.$ref !== undefined || !reference.startsWith("#")) return;
  const fragment = reference.slice(1);
  const file = from.scan.anchors.has(fragment) || fragment === "" || fragment.startsWith("/") ? from : first;
  if (file === first && from !== first && !first.scan.anchors.has(fragment)) return;
  if (fragment !== "" && !fragment.startsWith("/") && !file.scan.anchors.has(fragment)) return;
  holder.$ref = within(file, fragment);
}

const mappingsOf = ({ scan, url }: File): Reference[] =>
  scan.mappings.filter(({ reference }) => URL.canParse(reference, url));

/** The file that a reference leads to; undefined within its own file, and for an `$id` of the document. */
function targetOf(reference: Reference, from: File, first: File): string | undefined {
  if (reference.reference.startsWith("#")) return undefined;
  if (!URL.canParse(reference.reference, from.url)) throw refused(reference, from, "it is no URI reference");
  const target = new URL(reference.reference, from.url);
  target.hash = "";
  if (first.scan.ids.has(target.href) || from.scan.ids.has(target.href)) return undefined;
  return target.href;
}

async function load(
  target: string,
  from: File,
  reference: Reference,
  root: URL,
  baseDir: string,
): Promise<Json> {
  const url = new URL(target);
  const remote = root.protocol !== "file:";
  if (remote && url.origin !== root.origin)
    throw refused(reference, from, `only files of ${root.origin} are read`);
  if (!remote && (url.protocol !== "file:" || url.host !== ""))
    throw refused(reference, from, "only files below the project folder are read");
  let text: string;
  try {
    text = remote ? await download(target) : await readBelow(fileURLToPath(url), baseDir);
  } catch (cause) {
    throw refused(reference, from, messageOf(cause), cause);
  }
  return parseDocument(text, nameOf(target, root));
}

async function readBelow(path: string, baseDir: string): Promise<string> {
  const folder = await realpath(baseDir);
  const real = await realpath(path).catch(() => {
    throw new Error("there is no such file");
  });
  // A symbolic link is resolved: the file itself must be in the folder.
  if (!real.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`))
    throw new Error("only files below the project folder are read");
  return readBounded(real);
}

function add(root: JsonObject, url: string, content: Json, base: URL): File {
  const name = nameOf(url, base);
  const files: JsonObject = isJsonObject(root[FILES_KEY]) ? root[FILES_KEY] : {};
  root[FILES_KEY] = files;
  const key = Object.hasOwn(files, name) ? url : name;
  files[key] = content;
  return { url, pointer: `#/${FILES_KEY}/${encodeFragment(key)}`, name, scan: scanReferences(content) };
}

/** A file's path relative to the folder of the document. */
function nameOf(url: string, base: URL): string {
  if (base.protocol === "file:")
    return relative(resolve(fileURLToPath(base), ".."), fileURLToPath(url)).replaceAll("\\", "/");
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}

const encodeFragment = (key: string): string => escapePointer(key).replaceAll("%", "%25");

function rewrite(
  { holder, key, reference, base }: Reference,
  from: File,
  first: File,
  files: Map<string, File>,
  root: JsonObject,
): void {
  const mark = reference.indexOf("#");
  const fragment = mark < 0 ? "" : reference.slice(mark + 1);
  if (mark === 0) {
    // Many documents write such references relative to their own root nevertheless.
    const inBase = base === undefined ? undefined : `${from.pointer}${base.slice(1)}${fragment}`;
    if (inBase !== undefined && fragment.startsWith("/") && valueAtPointer(root, inBase) !== undefined) {
      holder[key] = inBase;
      return;
    }
    // Most references are within the first file, and stay unchanged.
    if (from === first && (fragment === "" || fragment.startsWith("/"))) return;
    holder[key] = within(from, fragment);
    return;
  }
  const target = new URL(reference, from.url);
  target.hash = "";
  const file = files.get(target.href);
  if (file !== undefined) {
    holder[key] = within(file, fragment);
    return;
  }
  for (const { scan, pointer } of [from, first]) {
    const at = scan.ids.get(target.href);
    if (at !== undefined) holder[key] = `${pointer}${at.slice(1)}${fragment}`;
  }
}

/** A fragment of a file as a pointer into the bundle; an anchor becomes the pointer to it. */
function within({ pointer, scan }: File, fragment: string): string {
  if (fragment === "" || fragment.startsWith("/")) return `${pointer}${fragment}`;
  const at = scan.anchors.get(fragment);
  return at === undefined ? `${pointer}/${fragment}` : `${pointer}${at.slice(1)}`;
}

function refused({ reference, pointer }: Reference, { name }: File, why: string, cause?: unknown): ApeError {
  return new ApeError("SPEC_INVALID", `${name}: ${pointer}: the reference ${reference} is refused: ${why}`, {
    cause,
    hint: "Keep the files of a document in the project folder, or bundle it into one file.",
  });
}
