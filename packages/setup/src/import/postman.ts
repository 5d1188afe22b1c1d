import { ApeError } from "@ape/core/errors";
import { isJsonObject, type JsonObject } from "@ape/core/json";
import { goalName } from "../suggest.ts";
import { parseJson } from "./har.ts";
import {
  accountOf,
  allowOf,
  commonOrigin,
  fieldsOf,
  goalOf,
  type Imported,
  isCall,
  type RecordedCall,
} from "./imported.ts";

interface Folder {
  name: string;
  calls: RecordedCall[];
}

/**
 * A test from a Postman collection (format 2.0 or 2.1): each folder of the first level is a goal, and the calls outside
 * of folders are another. Scripts are not run; the status that a test asks for is taken over.
 * @throws ApeError DATA_INVALID
 */
export function importPostman(text: string, file: string): Imported {
  const root = parseJson(text, file);
  const collection = isJsonObject(root) && isJsonObject(root.collection) ? root.collection : root;
  if (!isJsonObject(collection) || !Array.isArray(collection.item))
    throw new ApeError("DATA_INVALID", `${file} is no Postman collection`, {
      hint: "Export it as a collection of format 2.1.",
    });
  const reader = new Reader(variablesOf(collection));
  const folders: Folder[] = [];
  const loose: Folder = {
    name: String((collection.info as JsonObject | undefined)?.name ?? "collection"),
    calls: [],
  };
  for (const item of collection.item.filter(isJsonObject)) {
    if (Array.isArray(item.item))
      folders.push({ name: String(item.name ?? "folder"), calls: reader.folder(item) });
    else loose.calls.push(...reader.call(item));
  }
  if (isJsonObject(collection.auth))
    reader.left.push(`auth ${String(collection.auth.type)} of the collection: choose it with --auth`);
  const all = [...folders, loose].filter(({ calls }) => calls.length > 0);
  const calls = all.flatMap((one) => one.calls);
  const baseUrl = commonOrigin(calls);
  if (baseUrl === undefined)
    throw new ApeError("DATA_INVALID", `${file} has no call with a whole address`, {
      hint: `Give its variables values in the collection: ${[...reader.unknown].join(", ") || "there is none"}.`,
    });
  const own = (one: RecordedCall): boolean => new URL(one.url).origin === baseUrl;
  for (const { url } of calls.filter((one) => !own(one)))
    reader.left.push(`${url}: on another host than ${baseUrl}`);
  const goals: Imported["goals"] = [];
  for (const { name, calls: inside } of all) {
    const mine = inside.filter(own);
    if (mine.length > 0) goals.push(goalOf(goalName(name, goals), mine));
  }
  const account = accountOf(calls);
  return {
    baseUrl,
    kind: "rest",
    goals,
    allow: allowOf(calls.filter(own)),
    ...(account === undefined ? {} : { account }),
    left: reader.left,
  };
}

function variablesOf(collection: JsonObject): Map<string, string> {
  const list = Array.isArray(collection.variable) ? collection.variable.filter(isJsonObject) : [];
  return new Map(list.map(({ key, value }) => [String(key), String(value ?? "")]));
}

class Reader {
  readonly left: string[] = [];
  readonly unknown = new Set<string>();
  readonly #variables: ReadonlyMap<string, string>;

  constructor(variables: ReadonlyMap<string, string>) {
    this.#variables = variables;
  }

  folder(item: JsonObject): RecordedCall[] {
    return (Array.isArray(item.item) ? item.item : [])
      .filter(isJsonObject)
      .flatMap((inner) => (Array.isArray(inner.item) ? this.folder(inner) : this.call(inner)));
  }

  call(item: JsonObject): RecordedCall[] {
    const name = String(item.name ?? "");
    const request = isJsonObject(item.request) ? item.request : { method: "GET", url: item.request ?? "" };
    const written = isJsonObject(request.url) ? String(request.url.raw ?? "") : String(request.url ?? "");
    const url = this.#filled(written);
    const status = this.#status(item, name);
    const body = isJsonObject(request.body) ? request.body : {};
    const fields = this.#fields(body);
    const call: RecordedCall = {
      method: String(request.method ?? "GET").toUpperCase(),
      url: /^https?:/.test(url) ? url : `http://${url}`,
      name,
      ...(status === undefined ? {} : { status }),
      ...(fields === undefined ? {} : { fields }),
    };
    if (isJsonObject(request.auth)) this.left.push(`${name}: auth ${String(request.auth.type)}`);
    if (body.mode === "file" || body.mode === "graphql")
      this.left.push(`${name}: a body of mode ${body.mode}`);
    if (isCall(call) && !written.startsWith("{{")) return [call];
    if (isCall(call) && !url.startsWith("{")) return [call];
    this.left.push(`${name}: ${call.method} ${written} is no call that agents can make`);
    return [];
  }

  /** Variables filled in; `:id` and what has no value stand for something that varies. */
  #filled(text: string): string {
    return text
      .replaceAll(/\{\{([^}]+)\}\}/g, (_, name: string) => {
        const value = this.#variables.get(name);
        if (value !== undefined && value !== "") return value;
        this.unknown.add(name);
        return `{${name}}`;
      })
      .replaceAll(/\/:(\w+)/g, "/{$1}");
  }

  #fields(body: JsonObject): Record<string, string> | undefined {
    if (body.mode === "raw" && typeof body.raw === "string") return fieldsOf(this.#filled(body.raw), "json");
    const list =
      body.mode === "urlencoded" ? body.urlencoded : body.mode === "formdata" ? body.formdata : undefined;
    if (!Array.isArray(list)) return undefined;
    return Object.fromEntries(
      list.filter(isJsonObject).map(({ key, value }) => [String(key), this.#filled(String(value ?? ""))]),
    );
  }

  #status(item: JsonObject, name: string): number | undefined {
    let status: number | undefined;
    for (const event of Array.isArray(item.event) ? item.event.filter(isJsonObject) : []) {
      const script = isJsonObject(event.script) ? event.script.exec : undefined;
      const text = Array.isArray(script) ? script.join("\n") : String(script ?? "");
      if (text.trim() === "") continue;
      const asked =
        /\.to\.have\.status\((\d{3})\)|response\.code\)?\s*(?:\.to\.(?:eql|equal)\(|===?\s*)(\d{3})/.exec(
          text,
        );
      if (event.listen === "test" && asked !== null) status = Number(asked[1] ?? asked[2]);
      const lines = text
        .split("\n")
        .filter((line) => /\bpm\.|postman\./.test(line) && !/status\(|response\.code|pm\.test\(/.test(line));
      if (event.listen !== "test" || lines.length > 0)
        this.left.push(
          `${name}: ${event.listen === "test" ? "part of its tests" : "its pre-request script"} (agents keep ids and tokens by themselves)`,
        );
    }
    return status;
  }
}
