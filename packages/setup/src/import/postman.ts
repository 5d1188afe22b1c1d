import { ApeError } from "@ape/core/lib/errors";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { goalName } from "../answers/suggest.ts";
import {
  accountOf,
  allowOf,
  bodyFields,
  commonOrigin,
  goalOf,
  type Imported,
  isCall,
  type RecordedCall,
} from "./imported.ts";
import { PostmanVariables } from "./postman-variables.ts";
import {
  entriesOf,
  objectOf,
  pairsOf,
  parseImportedJson,
  plainText,
  USER_OF_ADDRESS,
  withoutUser,
} from "./recorded-value.ts";

interface Folder {
  name: string;
  calls: RecordedCall[];
}

/**
 * A test from a Postman collection (format 2.0 or 2.1): each folder of the first level is a goal, and the calls outside
 * of folders are another. Scripts are not run; the status that a test asks for is taken over.
 * @param environment text of an exported environment, whose values come before the collection's own
 * @throws ApeError DATA_INVALID
 */
export function importPostman(
  text: string,
  file: string,
  environment?: { text: string; file: string },
): Imported {
  const root = parseImportedJson(text, file);
  const collection = isJsonObject(root) && isJsonObject(root.collection) ? root.collection : root;
  if (!isJsonObject(collection) || !Array.isArray(collection.item))
    throw new ApeError("DATA_INVALID", `${file} is no Postman collection`, {
      hint: "Export it as a collection of format 2.1.",
    });
  const variables = new PostmanVariables();
  variables.add(collection.variable);
  if (environment !== undefined) {
    const { values } = objectOf(parseImportedJson(environment.text, environment.file));
    if (!Array.isArray(values))
      throw new ApeError("DATA_INVALID", `${environment.file} is no Postman environment`, {
        hint: "Export the environment that the collection is used with.",
      });
    variables.add(values);
  }
  const reader = new Reader(variables);
  const title = plainText(objectOf(collection.info).name) ?? "collection";
  reader.about(collection, "the collection");
  const folders: Folder[] = [];
  const loose: Folder = { name: title, calls: [] };
  for (const [index, item] of collection.item.entries()) {
    const { name, item: inner } = objectOf(item);
    if (Array.isArray(inner))
      folders.push({ name: plainText(name) ?? "folder", calls: reader.folder(item as JsonObject) });
    else loose.calls.push(...reader.call(item, `item ${index + 1}`));
  }
  const all = [...folders, loose].filter(({ calls }) => calls.length > 0);
  const calls = all.flatMap((one) => one.calls);
  const baseUrl = commonOrigin(calls);
  if (baseUrl === undefined)
    throw new ApeError("DATA_INVALID", `${file} has no call with a whole address`, {
      hint:
        variables.unknown.size === 0
          ? "Give its requests addresses such as http://127.0.0.1:3000/orders."
          : `Give its variables values in the collection, or name its environment with --postman-env: ${[...variables.unknown].join(", ")}.`,
      ...(reader.skipped.length === 0 ? {} : { details: reader.skipped.slice(0, 20) }),
    });
  const own = (one: RecordedCall): boolean => new URL(one.url).origin === baseUrl;
  for (const { url } of calls.filter((one) => !own(one)))
    reader.skipped.push(`${url}: on another host than ${baseUrl}`);
  const goals: Imported["goals"] = [];
  for (const { name, calls: inside } of all) {
    const mine = inside.filter(own);
    if (mine.length > 0) goals.push(goalOf(goalName(name, goals), mine, reader.skipped));
  }
  const account = accountOf(calls);
  return {
    baseUrl,
    kind: "rest",
    goals,
    allow: allowOf(calls.filter(own)),
    ...(account === undefined ? {} : { account }),
    skipped: [...reader.skipped, ...reader.auths],
  };
}

const READ_MODES: ReadonlySet<string> = new Set(["raw", "urlencoded", "formdata"]);
const KEPT = "(agents keep ids and tokens by themselves)";

class Reader {
  readonly skipped: string[] = [];
  /** Credentials, reported last. */
  readonly auths: string[] = [];
  readonly #variables: PostmanVariables;

  constructor(variables: PostmanVariables) {
    this.#variables = variables;
  }

  /**
   * Properties of a collection or a folder that apply to everything in it: its credentials are inherited, its scripts
   * are not run.
   */
  about({ auth, event }: JsonObject, whose: string): void {
    const type = isJsonObject(auth) ? plainText(auth.type) : undefined;
    if (type !== undefined && type !== "noauth")
      this.auths.push(`auth ${type} of ${whose}: choose it with --auth`);
    for (const one of entriesOf(event)) {
      const { listen, script } = objectOf(one);
      if (scriptText(script).trim() !== "")
        this.skipped.push(`${whose}: its ${listen === "test" ? "tests" : "pre-request script"} ${KEPT}`);
    }
  }

  /** The calls of a folder and of those in it, in the order of the file, however deep they are. */
  folder(folder: JsonObject): RecordedCall[] {
    const calls: RecordedCall[] = [];
    const waiting: { item: Json; place: string }[] = [{ item: folder, place: "" }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { item, place } = next;
      if (!isJsonObject(item) || !Array.isArray(item.item)) {
        calls.push(...this.call(item, place));
        continue;
      }
      const name = plainText(item.name) ?? "folder";
      this.about(item, `folder "${name}"`);
      const inside = item.item.map((one, index) => ({
        item: one,
        place: `folder "${name}", item ${index + 1}`,
      }));
      waiting.push(...inside.reverse());
    }
    return calls;
  }

  call(given: Json, place: string): RecordedCall[] {
    const item = objectOf(given);
    const name = plainText(item.name) ?? "";
    const where = name === "" ? place : name;
    if (item.request === undefined || item.request === null) {
      this.skipped.push(`${where}: no request`);
      return [];
    }
    const request = isJsonObject(item.request) ? item.request : { method: "GET", url: item.request };
    const written = this.#variables.address(request.url);
    const { url, hadUser } = withoutUser(this.#variables.fill(written));
    if (hadUser) this.skipped.push(`${where}: ${USER_OF_ADDRESS}`);
    const status = this.#status(item, where);
    const body = objectOf(request.body);
    const fields = body.disabled === true ? undefined : this.#fields(body);
    const auth = plainText(objectOf(request.auth).type);
    if (auth !== undefined && auth !== "noauth") this.skipped.push(`${where}: auth ${auth}`);
    const mode = plainText(body.mode);
    if (mode !== undefined && mode !== "none" && !READ_MODES.has(mode))
      this.skipped.push(`${where}: a body of mode ${mode}`);
    const raw = body.mode === "raw" ? body.raw : undefined;
    if (
      fields === undefined &&
      (typeof raw === "string" ? raw.trim() !== "" : raw !== undefined && raw !== null)
    )
      this.skipped.push(`${where}: a body that is neither a JSON object nor a form`);
    for (const part of entriesOf(body.formdata)) {
      const { key, type, disabled } = objectOf(part);
      if (type === "file" && disabled !== true)
        this.skipped.push(`${where}: the file of form field "${plainText(key) ?? ""}"`);
    }
    for (const name in objectOf(item.protocolProfileBehavior))
      this.skipped.push(`${where}: protocolProfileBehavior.${name}`);
    const method = (plainText(request.method) ?? "GET").toUpperCase();
    const call: RecordedCall = {
      method,
      url: /^https?:/.test(url) ? url : `http://${url}`,
      name,
      ...(status === undefined ? {} : { status }),
      ...(fields === undefined ? {} : { fields }),
    };
    const unknown = this.#variables.unknownIn(written);
    if (written !== "" && isCall(call) && !url.startsWith("{")) {
      const inBody = typeof body.raw === "string" ? this.#variables.unknownIn(body.raw) : [];
      for (const one of new Set([...unknown, ...inBody]))
        this.skipped.push(`${where}: {{${one}}} has no value: agents look for one`);
      return [call];
    }
    this.skipped.push(
      `${where}: ${method} ${written} is no call that agents can make${
        unknown.length === 0 ? "" : `: ${unknown.join(", ")} has no value`
      }`,
    );
    return [];
  }

  #fields(body: JsonObject): Record<string, string> | undefined {
    if (body.mode === "raw" && typeof body.raw === "string")
      return bodyFields(plainJson(this.#variables.fill(body.raw)), "json");
    const form =
      body.mode === "urlencoded" ? body.urlencoded : body.mode === "formdata" ? body.formdata : undefined;
    // Format 2.0 allows a form as text.
    if (typeof form === "string") return bodyFields(this.#variables.fill(form), "form");
    if (!Array.isArray(form)) return undefined;
    return Object.fromEntries(
      Object.entries(pairsOf(form, "key")).map(([key, value]) => [key, this.#variables.fill(value)]),
    );
  }

  #status(item: JsonObject, where: string): RecordedCall["status"] {
    let status: RecordedCall["status"];
    for (const event of entriesOf(item.event)) {
      const { listen, script } = objectOf(event);
      const text = scriptText(script);
      if (text.trim() === "") continue;
      if (listen !== "test") {
        this.skipped.push(`${where}: its pre-request script ${KEPT}`);
        continue;
      }
      const { asked, stateful, others } = readTests(text);
      status = asked[0] ?? status;
      for (const more of asked.slice(1))
        this.skipped.push(`${where}: a test of status ${statusText(more)}, beside another`);
      if (stateful) this.skipped.push(`${where}: part of its tests ${KEPT}`);
      for (const other of others.slice(0, MAX_TESTS)) this.skipped.push(`${where}: its test ${other}`);
      if (others.length > MAX_TESTS)
        this.skipped.push(`${where}: ${others.length - MAX_TESTS} more lines of its tests`);
    }
    return status;
  }
}

const MAX_TESTS = 5;
const MAX_EXCERPT = 80;
const ASKED_STATUS =
  /response\.code\)?\s*\.to(?:\.be)?\.oneOf\(\s*\[([\d,\s]+)\]\s*\)|\.to\.have\.status\((\d{3})\)|response\.code\)?\s*(?:\.to\.(?:eql|equal|equals)\(|===?\s*)(\d{3})|responseCode\.code\s*===?\s*(\d{3})/g;
/** Lines that keep a value of an answer for later requests. */
const KEEPS =
  /\bpm\.(?:environment|collectionVariables|globals|variables)\.(?:set|unset)\(|postman\.set\w+Variable\(/;
/** Statements of tests and control flow: they identify what else a script does (constants, loops). */
const TELLING = /\bpm\.|postman\.|\btests\[|\bassert\b|\bexpect\(/;
/** The beginning of a test, and statements that only read the answer. */
const FRAME =
  /^\s*(?:pm\.test\(\s*(["'`]).*?\1\s*,\s*(?:async\s*)?(?:function\s*\(\w*\)|\(?\w*\)?\s*=>)\s*\{?|(?:const|let|var)\s+\w+\s*=\s*(?:pm\.response\.(?:json|text)\(\)|JSON\.parse\(\w+\));?)\s*$/;

/** The beginning of a test; a title has a bound, so that a line of many beginnings is read in linear time. */
const TITLE = /pm\.test\(\s*(["'`]).{0,300}?\1\s*,/;

/** The content of a test script: statuses, stored values, and lines with anything else. */
function readTests(text: string): {
  asked: NonNullable<RecordedCall["status"]>[];
  stateful: boolean;
  others: string[];
} {
  const asked: NonNullable<RecordedCall["status"]>[] = [];
  const others: string[] = [];
  let stateful = false;
  for (const line of text.split("\n")) {
    if (!TELLING.test(line) || FRAME.test(line) || /^\s*\/\//.test(line)) continue;
    const statuses = [...line.matchAll(ASKED_STATUS)].map(([, list, ...single]) => {
      if (list === undefined) return Number(single.find((one) => one !== undefined));
      return list.split(",").flatMap((one) => (one.trim() === "" ? [] : [Number(one)]));
    });
    for (const one of statuses)
      if (!asked.some((other) => statusText(other) === statusText(one))) asked.push(one);
    if (KEEPS.test(line)) stateful = true;
    // The rest of the line: another test may follow one of the status.
    const rest = line
      .replaceAll(ASKED_STATUS, "")
      .replace(TITLE, "")
      .replaceAll(/pm\.expect\((?:pm\.)?$|pm\.expect\(pm\.$/g, "");
    const isOther =
      statuses.length > 0 ? /\.to\.|===?|setNextRequest|sendRequest/.test(rest) : !KEEPS.test(line);
    if (isOther) {
      const short = line.trim();
      others.push(short.length > MAX_EXCERPT ? `${short.slice(0, MAX_EXCERPT - 3)}...` : short);
    }
  }
  return { asked, stateful, others };
}

const statusText = (status: number | readonly number[]): string =>
  typeof status === "number" ? String(status) : status.join(" or ");

function scriptText(script: Json | undefined): string {
  const exec = isJsonObject(script) ? script.exec : script;
  return Array.isArray(exec) ? exec.map((line) => plainText(line) ?? "").join("\n") : (plainText(exec) ?? "");
}

/** A text, a comment, or a variable without a value outside of texts. */
const JSON_PART = /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|\{[\w$.:-]+\}/g;

/** JSON as Postman sends it: without comments, and with a text for each variable that has no value. */
const plainJson = (text: string): string =>
  text.replaceAll(JSON_PART, (part) =>
    part.startsWith('"') ? part : part.startsWith("/") ? " " : `"${part}"`,
  );
