import { decodeText } from "@ape/core/lib/charset";
import { ApeError } from "@ape/core/lib/errors";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { parseJson } from "@ape/core/lib/lossless-number";
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
import { readMultipart } from "./multipart-text.ts";
import {
  entriesOf,
  objectOf,
  pairsOf,
  parseImportedJson,
  plainText,
  USER_OF_ADDRESS,
  withoutUser,
} from "./recorded-value.ts";

/** Parts of pages, by the kind of their answer, their path, and the kind that the browser gave them. */
const ASSET = /^(?:image|font|video|audio)\/|css|javascript|wasm|manifest/;
const ASSET_PATH = /\.(?:js|mjs|css|png|jpe?g|gif|svg|ico|woff2?|ttf|map|webp|mp4)$/i;
const ASSET_KIND = /^(?:image|stylesheet|script|font|media|ping|websocket)$/;

/** A call of the recording, and the kind of its answer. */
interface Entry {
  call: RecordedCall;
  type: string;
}

/**
 * Imports a browser's recording (HAR 1.2). Leaves out pictures, styles, scripts and other hosts. Every entry that is
 * left out is listed with its place.
 * @throws ApeError DATA_INVALID
 */
export function importHar(text: string, file: string): Imported {
  const { entries } = objectOf(objectOf(parseImportedJson(text, file)).log);
  if (!Array.isArray(entries))
    throw new ApeError("DATA_INVALID", `${file} is no HAR file`, {
      hint: "Save one from the network page of a browser's developer tools.",
    });
  const skipped: string[] = [];
  const lost: string[] = [];
  const assets: number[] = [];
  const pages = entries.flatMap((entry, index) => readEntry(entry, index, skipped, assets));
  const calls = pages.map(({ call }) => call);
  const baseUrl = commonOrigin(calls);
  const own = calls.filter((call) => isCall(call) && new URL(call.url).origin === baseUrl);
  if (baseUrl === undefined || own.length === 0)
    throw new ApeError("DATA_INVALID", `${file} has no call that agents could make`, {
      hint: "Record a visit from its first page on.",
      ...(skipped.length === 0 ? {} : { details: skipped.slice(0, 20) }),
    });
  const others = new Set(
    calls.flatMap(({ url }) => (new URL(url).origin === baseUrl ? [] : [new URL(url).origin])),
  );
  const account = accountOf(own);
  const html = pages.some(({ call, type }) => call.url.startsWith(baseUrl) && type.includes("html"));
  const json = own.some((call) => call.method !== "GET") && pages.some(({ type }) => type.includes("json"));
  return {
    baseUrl,
    kind: html && !json ? "web" : "rest",
    goals: [goalOf("recorded", own, lost)],
    allow: allowOf(own),
    ...(account === undefined ? {} : { account }),
    skipped: [
      ...[...others].map(
        (origin) => `calls to ${origin}: agents reach one host only; add it as a target of its own`,
      ),
      ...calls
        .filter((call) => !isCall(call))
        .map(({ method, url }) => `${method} ${url}: not a method of agents`),
      ...skipped,
      ...(assets.length === 0
        ? []
        : [`${placesOf(assets)}: pictures, styles, scripts and other parts of pages`]),
      ...lost,
      ...credentialHeaders(entries, baseUrl),
    ],
  };
}

/** Request headers that a browser or its page adds by itself. */
const CREDENTIAL_HEADER =
  /^(?:authorization|proxy-authorization|.*(?:api-?key|auth-?token|access-?token).*)$/i;

/** Credentials in headers: they are not imported. */
function credentialHeaders(entries: readonly Json[], baseUrl: string): string[] {
  const names = new Set<string>();
  for (const entry of entries) {
    const { url, headers } = objectOf(objectOf(entry).request);
    if (typeof url !== "string" || !URL.canParse(url) || new URL(url).origin !== baseUrl) continue;
    for (const name of Object.keys(pairsOf(headers, "name")))
      if (CREDENTIAL_HEADER.test(name)) names.add(name.toLowerCase());
  }
  return [...names].map((name) => `header ${name}: choose the credentials with --auth`);
}

/** `entries 2, 4 to 9`: the places of entries that are listed together. */
function placesOf(indexes: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const index of indexes) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === index - 1) last[1] = index;
    else ranges.push([index, index]);
  }
  const texts = ranges.map(([from, to]) =>
    from === to ? `${from + 1}` : `${from + 1}${to === from + 1 ? "," : " to"} ${to + 1}`,
  );
  return `${indexes.length === 1 ? "entry" : "entries"} ${texts.join(", ")}`;
}

/**
 * The call of an entry; nothing if it is none that agents can make.
 * @param skipped receives why not
 * @param assets receives the index of an entry that is a part of a page
 */
function readEntry(entry: Json, index: number, skipped: string[], assets: number[]): Entry[] {
  const place = `entry ${index + 1}`;
  const { request: sent, response: answered, _resourceType } = objectOf(entry);
  const request = objectOf(sent);
  const { url } = request;
  if (typeof url !== "string" || !URL.canParse(url)) {
    skipped.push(`${place}: no request with an address`);
    return [];
  }
  const { protocol } = new URL(url);
  if (!/^https?:$/.test(protocol)) {
    skipped.push(`${place}: an address of ${protocol.slice(0, -1)}, which agents do not call`);
    return [];
  }
  const response = objectOf(answered);
  const type = plainText(objectOf(response.content).mimeType) ?? "";
  if (
    ASSET.test(type) ||
    ASSET_PATH.test(url.split(/[?#]/)[0] ?? "") ||
    ASSET_KIND.test(plainText(_resourceType) ?? "")
  ) {
    assets.push(index);
    return [];
  }
  const { url: address, hadUser } = withoutUser(url);
  if (hadUser) skipped.push(`${place}: ${USER_OF_ADDRESS}`);
  const method = typeof request.method === "string" ? request.method.toUpperCase() : "GET";
  const status = Number(plainText(response.status) ?? Number.NaN);
  const call: RecordedCall = { method, url: address };
  if (Number.isInteger(status) && status >= 100 && status <= 599) call.status = status;
  // A browser writes 0 for a call that was blocked or cancelled.
  else skipped.push(`${place}: no answer was recorded, so it is taken without a status`);
  const fields = postedFields(request.postData, place, skipped);
  if (fields !== undefined) call.fields = fields;
  const answer = /json/.test(type) ? answeredJson(objectOf(response.content)) : undefined;
  if (answer !== undefined) call.answer = answer;
  return [{ call, type }];
}

/** A recorded body as text, also where the recording keeps its bytes (HAR 1.2, "content", `encoding`). */
function textOf({ text, encoding }: JsonObject): Json | undefined {
  if (typeof text !== "string" || typeof encoding !== "string" || !/^base64$/i.test(encoding)) return text;
  return decodeText(Buffer.from(text, "base64")).text;
}

/** The JSON that a call was answered with. */
function answeredJson(content: JsonObject): Json | undefined {
  const text = textOf(content);
  if (typeof text !== "string") return undefined;
  try {
    return parseJson(text) as Json;
  } catch {
    return undefined;
  }
}

/** The fields of a body: of its text, or of the recorded parameters of a form. */
function postedFields(
  postData: Json | undefined,
  place: string,
  skipped: string[],
): Record<string, string> | undefined {
  if (postData === undefined || postData === null) return undefined;
  if (!isJsonObject(postData)) {
    skipped.push(`${place}: a body that is no object`);
    return undefined;
  }
  const { mimeType, params } = postData;
  const text = textOf(postData);
  const type = plainText(mimeType) ?? "";
  const isMultipart = /multipart\//i.test(type);
  const parts = isMultipart && typeof text === "string" ? readMultipart(text) : { fields: {}, files: [] };
  const isFile = (part: Json): boolean => plainText(objectOf(part).fileName) !== undefined;
  const recorded = entriesOf(params);
  const files = recorded.filter(isFile).map((part) => plainText(objectOf(part).name) ?? "");
  for (const name of new Set([...parts.files, ...files]))
    skipped.push(`${place}: the file of form field "${name}"`);
  const read = isMultipart ? parts.fields : typeof text === "string" ? bodyFields(text, type) : undefined;
  if (read !== undefined && Object.keys(read).length > 0) return read;
  // A form may be recorded as its fields alone.
  const named = pairsOf(
    recorded.filter((part) => !isFile(part)),
    "name",
  );
  if (Object.keys(named).length > 0) return named;
  const isEmpty = text === undefined || text === null || (typeof text === "string" && text.trim() === "");
  if ((!isEmpty && read === undefined) || isJsonObject(params))
    skipped.push(`${place}: a body that is neither a JSON object nor a form`);
  return read;
}
