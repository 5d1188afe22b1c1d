import { readFile, realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { maskUrl, splitUserinfo } from "@ape/core/config/base-url";
import { decodeText } from "@ape/core/lib/charset";
import { ApeError, messageOf } from "@ape/core/lib/errors";
import { request } from "undici";

const MAX_BYTES = 20 * 1024 * 1024;
const FETCH_MS = 10_000;

/** Whether a source is an http or https URL rather than a path. */
export const isUrl = (source: string): boolean => /^https?:\/\//i.test(source);

/** A source as messages have it: without the user of a URL, and with the credentials in its query masked. */
export const shownSource = (source: string): string =>
  isUrl(source) ? maskUrl(splitUserinfo(source)?.url ?? source) : source;

/**
 * Reads the text of a document at a path (relative to `baseDir`) or an http URL, at most 20 MB.
 * @throws ApeError FILE_MISSING, SPEC_INVALID
 */
export async function readSource(source: string, baseDir: string): Promise<string> {
  if (!isUrl(source)) {
    const path = resolve(baseDir, source);
    try {
      return await readBounded(path);
    } catch (cause) {
      throw new ApeError("FILE_MISSING", `the API document ${source} cannot be read`, {
        cause,
        hint: `Paths are relative to the configuration: ${path} was looked for.`,
      });
    }
  }
  try {
    return await download(source);
  } catch (cause) {
    throw new ApeError(
      "SPEC_INVALID",
      `the API document ${shownSource(source)} cannot be fetched: ${messageOf(cause)}`,
      { cause, hint: "Try it with curl, or save it to a file and name that in `spec`." },
    );
  }
}

/** Reads a regular file. @throws Error if it is none, or larger than 20 MB */
export async function readBounded(path: string): Promise<string> {
  const found = await stat(await realpath(path));
  if (!found.isFile()) throw new Error("it is no regular file");
  if (found.size > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
  return decodeText(await readFile(path)).text;
}

/** Fetches a URL, with its user as basic credentials, without following redirects. @throws Error if it does not answer 200 within 10 s and 20 MB */
export async function download(url: string): Promise<string> {
  const user = splitUserinfo(url);
  const { statusCode, body } = await request(user?.url ?? url, {
    headersTimeout: FETCH_MS,
    bodyTimeout: FETCH_MS,
    ...(user === undefined
      ? {}
      : {
          headers: {
            authorization: `Basic ${Buffer.from(`${user.username}:${user.password}`).toString("base64")}`,
          },
        }),
  });
  if (statusCode !== 200) {
    await body.dump();
    throw new Error(`it answered ${statusCode}`);
  }
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  return decodeText(Buffer.concat(parts)).text;
}
