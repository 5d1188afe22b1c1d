import { resolve } from "node:path";
import type { ApiAuth } from "@ape/core/protocol/api";
import { authOf, type DocumentedOperation, operationsOf } from "./describe.ts";
import { loadOpenApi, type OpenApiDocument } from "./document.ts";

/** An API document with what targets take from it. */
export interface ReadApi {
  document: OpenApiDocument;
  operations: readonly DocumentedOperation[];
  auth: readonly ApiAuth[];
  /** Whether it states a request limit. */
  announcesLimit: boolean;
}

/**
 * Statement of a request limit in a document: its headers, or a sentence with a figure. A documented 429 alone states
 * nothing.
 */
const LIMITED =
  /\bx-?rate-?limit|"ratelimit(?:-\w+)?"\s*:|rate[ _-]?limit[^"]{0,80}\d|\blimit(?:s|ed)?\b[^".]{0,40}\d[\d,. ]*(?:per|an?|every|\/) ?(?:second|minute|hour|day|s|min|h)\b|\d[\d,. ]*(?:requests?|calls?|queries|reqs?)\b[^."]{0,30}(?:\b(?:per|an?|every)\s+|\/\s?)(?:second|minute|hour|day)\b/i;

/**
 * Reads API documents, each once: a command that opens several gateways gives them one reader. It must not outlive the
 * command, as a document may change between two.
 */
export class ApiReader {
  readonly #read = new Map<string, Promise<ReadApi>>();

  /** @throws ApeError FILE_MISSING, SPEC_INVALID */
  read(source: string, baseDir: string): Promise<ReadApi> {
    const key = /^https?:\/\//i.test(source) ? source : resolve(baseDir, source);
    let found = this.#read.get(key);
    if (found === undefined) {
      found = readApi(source, baseDir);
      this.#read.set(key, found);
    }
    return found;
  }
}

async function readApi(source: string, baseDir: string): Promise<ReadApi> {
  const document = await loadOpenApi(source, baseDir);
  return {
    document,
    operations: operationsOf(document),
    auth: authOf(document),
    announcesLimit: LIMITED.test(JSON.stringify(document.root)),
  };
}
