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
import { objectOf, pairsOf, parseImportedJson, plainText } from "./recorded-value.ts";

const ASSET = /^(?:image|font|video|audio)\/|css|javascript|wasm|manifest/;
const ASSET_PATH = /\.(?:js|mjs|css|png|jpe?g|gif|svg|ico|woff2?|ttf|map|webp|mp4)$/i;
const ASSET_KIND = /^(?:image|stylesheet|script|font|media|ping|websocket)$/;

/** A call of the recording, and the kind of its answer. */
interface Entry {
  call: RecordedCall;
  type: string;
}

/**
 * Imports a browser's recording (HAR 1.2). Leaves out pictures, styles, scripts and other hosts. A malformed entry is
 * skipped and listed.
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
  const pages = entries.flatMap((entry, index) => readEntry(entry, index, skipped));
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

/** The call of an entry, or nothing if it is a part of a page. */
function readEntry(entry: Json, index: number, skipped: string[]): Entry[] {
  const place = `entry ${index + 1}`;
  const { request: sent, response: answered, _resourceType } = objectOf(entry);
  const request = objectOf(sent);
  const { url } = request;
  if (typeof url !== "string" || !URL.canParse(url)) {
    skipped.push(`${place}: no request with an address`);
    return [];
  }
  // Data URLs and browser extensions.
  if (!/^(?:https?|wss?):$/.test(new URL(url).protocol)) return [];
  const response = objectOf(answered);
  const type = plainText(objectOf(response.content).mimeType) ?? "";
  if (
    ASSET.test(type) ||
    ASSET_PATH.test(url.split(/[?#]/)[0] ?? "") ||
    ASSET_KIND.test(plainText(_resourceType) ?? "")
  )
    return [];
  const method = typeof request.method === "string" ? request.method.toUpperCase() : "GET";
  const status = Number(plainText(response.status) ?? Number.NaN);
  const call: RecordedCall = { method, url };
  // A browser writes 0 for a call that was blocked or cancelled.
  if (Number.isInteger(status) && status >= 100 && status <= 599) call.status = status;
  const fields = postedFields(request.postData, place, skipped);
  if (fields !== undefined) call.fields = fields;
  const answer = /json/.test(type) ? answeredJson(objectOf(response.content)) : undefined;
  if (answer !== undefined) call.answer = answer;
  return [{ call, type }];
}

/** The answer of a call, where the recording keeps it as plain text. */
function answeredJson({ text, encoding }: JsonObject): Json | undefined {
  if (typeof text !== "string" || encoding === "base64") return undefined;
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
  const { text, mimeType, params } = postData;
  const read = typeof text === "string" ? bodyFields(text, plainText(mimeType) ?? "") : undefined;
  if (read !== undefined && Object.keys(read).length > 0) return read;
  // RFC 7578: a multipart form is recorded as its fields.
  const named = pairsOf(params, "name");
  if (Object.keys(named).length > 0) return named;
  if (typeof text === "string" && text.trim() !== "" && read === undefined)
    skipped.push(`${place}: a body that is neither a JSON object nor a form`);
  return read;
}
