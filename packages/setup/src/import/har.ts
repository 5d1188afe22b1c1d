import { ApeError } from "@ape/core/errors";
import { z } from "zod";
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

/** The parts of HAR 1.2 that are read. */
const har = z.object({
  log: z.object({
    entries: z.array(
      z.object({
        _resourceType: z.string().optional(),
        request: z.object({
          method: z.string(),
          url: z.string(),
          postData: z.object({ mimeType: z.string().default(""), text: z.string().default("") }).optional(),
        }),
        response: z.object({
          status: z.number(),
          content: z.object({ mimeType: z.string().default("") }).prefault({}),
        }),
      }),
    ),
  }),
});

const ASSET = /^(?:image|font|video|audio)\/|css|javascript|wasm|manifest/;
const ASSET_PATH = /\.(?:js|mjs|css|png|jpe?g|gif|svg|ico|woff2?|ttf|map|webp|mp4)$/i;

/**
 * A test from what a browser recorded (HAR 1.2). Pictures, styles and scripts, and other hosts, are left out.
 * @throws ApeError DATA_INVALID
 */
export function importHar(text: string, file: string): Imported {
  const parsed = har.safeParse(parseJson(text, file));
  if (!parsed.success)
    throw new ApeError("DATA_INVALID", `${file} is no HAR file`, {
      hint: "Save one from the network page of a browser's developer tools.",
    });
  const { entries } = parsed.data.log;
  const pages = entries.filter(
    ({ request, response, _resourceType }) =>
      !ASSET.test(response.content.mimeType) &&
      !ASSET_PATH.test(request.url.split(/[?#]/)[0] ?? "") &&
      !/^(?:image|stylesheet|script|font|media|ping|websocket)$/.test(_resourceType ?? ""),
  );
  const calls = pages.map(({ request, response }): RecordedCall => {
    const { postData } = request;
    const fields = postData === undefined ? undefined : fieldsOf(postData.text, postData.mimeType);
    return {
      method: request.method,
      url: request.url,
      status: response.status,
      ...(fields === undefined ? {} : { fields }),
    };
  });
  const baseUrl = commonOrigin(calls);
  const own = calls.filter((call) => isCall(call) && new URL(call.url).origin === baseUrl);
  if (baseUrl === undefined || own.length === 0)
    throw new ApeError("DATA_INVALID", `${file} has no call that agents could make`, {
      hint: "Record a visit from its first page on.",
    });
  const others = new Set(
    calls.flatMap(({ url }) =>
      URL.canParse(url) && new URL(url).origin !== baseUrl ? [new URL(url).origin] : [],
    ),
  );
  const account = accountOf(own);
  const html = pages.some(
    ({ request, response }) => request.url.startsWith(baseUrl) && response.content.mimeType.includes("html"),
  );
  const json =
    own.some((call) => call.method !== "GET") &&
    pages.some(({ response }) => response.content.mimeType.includes("json"));
  return {
    baseUrl,
    kind: html && !json ? "web" : "rest",
    goals: [
      goalOf(
        "recorded",
        own.filter(({ status = 200 }) => status < 400),
      ),
    ],
    allow: allowOf(own),
    ...(account === undefined ? {} : { account }),
    left: [
      ...[...others].map(
        (origin) => `calls to ${origin}: agents reach one host only; add it as a target of its own`,
      ),
      ...calls
        .filter((call) => !isCall(call))
        .map(({ method, url }) => `${method} ${url}: not a method of agents`),
    ],
  };
}

/** @throws ApeError DATA_INVALID */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ApeError("DATA_INVALID", `${file} is no JSON`, {
      cause,
      hint: "Export it again from its tool.",
    });
  }
}
