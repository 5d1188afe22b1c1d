import type { TargetConfig } from "@ape/core/config/target";
import { charsetOf } from "@ape/core/lib/charset";
import type { Clock } from "@ape/core/lib/clock";
import { toMicros } from "@ape/core/lib/duration";
import type { ApiDescription } from "@ape/core/protocol/api";
import type { HttpMethod, OperationRef } from "@ape/core/protocol/operations/operation";
import {
  type Body,
  rejectedResult,
  type ToolCall,
  type ToolResult,
  type TransportError,
} from "@ape/core/protocol/tool-call";
import { readBody } from "../body.ts";
import type { HttpResponse } from "../http-exchange.ts";
import { Permission } from "../permissions/permission.ts";
import { encodeBody, type RequestBody } from "../request-body.ts";
import { encodeRequestPath } from "../request-path.ts";
import { HopCookies } from "../web/cookies.ts";
import { formAnswerFailure } from "../web/form-answer.ts";
import { type EncodeText, encoderFor, urlEncode } from "../web/form-charset.ts";
import { readPage } from "../web/page.ts";
import type { SentForm } from "../web/sent-form.ts";
import { TargetUrl } from "../web/target-url.ts";
import { joinResults } from "./attempts.ts";
import { HttpChannel } from "./http-channel.ts";
import { OperationLabels } from "./operation-label.ts";
import type { Target, TargetOptions } from "./target.ts";
import { withLowerCaseNames } from "./target-credentials.ts";

const FORM_TYPE = "application/x-www-form-urlencoded";
const MAX_REDIRECTS = 10;
const HTML = /^(?:text\/html|application\/xhtml\+xml)\b/i;
const ACCEPT = "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8";

/** One request of a chain of redirects. */
interface Hop {
  method: HttpMethod;
  path: string;
  /** Empty, or without its `?`. */
  query: string;
  data: ToolCall["data"];
  body: RequestBody | undefined;
}

const pathOf = ({ path, query }: Hop): string => (query === "" ? path : `${path}?${query}`);

/** A web application under test: pages with links and forms. Redirects are followed within the target. */
export class WebTarget implements Target {
  readonly description: ApiDescription;
  readonly operations: readonly string[] = [];
  readonly #config: TargetConfig;
  readonly #clock: Clock;
  readonly #channel: HttpChannel;
  readonly #permission: Permission;
  readonly #labels = new OperationLabels();
  readonly #place: TargetUrl;

  /** @throws ApeError FILE_MISSING */
  static async open(options: TargetOptions): Promise<WebTarget> {
    return new WebTarget(options, await HttpChannel.open(options));
  }

  private constructor({ name, config, clock }: TargetOptions, channel: HttpChannel) {
    this.#config = config;
    this.#clock = clock;
    this.#channel = channel;
    this.#permission = new Permission({
      allow: config.allow ?? ["* /**"],
      deny: config.deny,
      readOnly: config.readOnly,
      base: channel.base,
      headers: channel.ownHeaders,
    });
    this.#place = new TargetUrl(channel.origin, channel.base);
    this.description = {
      target: name,
      kind: "web",
      title: name,
      documented: false,
      auth: [],
      operations: [],
    };
  }

  /** Before a run the set of pages is unknown. */
  hasOperation(): boolean {
    return true;
  }

  permits({ method, template }: OperationRef): boolean {
    return this.#permission.permits(method, template);
  }

  reach(): Promise<void> {
    return this.#channel.reach(
      this.permits({ target: undefined, operation: "GET /", method: "GET", template: "/" }),
    );
  }

  async call(call: ToolCall, signal: AbortSignal | undefined): Promise<ToolResult> {
    const began = this.#clock.now();
    if (call.graphql !== undefined || call.tool !== undefined)
      return rejectedResult(
        "other",
        "invalid_call",
        "this is a web application: use http_get and submit_form",
      );
    const wire = encodeRequestPath(call);
    if (typeof wire === "string")
      return rejectedResult(this.#labels.of(call.method, "/"), "invalid_call", wire);
    const operation = this.#labels.of(call.method, wire.path);
    const given = withLowerCaseNames(call.headers ?? {});
    const type = given["content-type"] ?? FORM_TYPE;
    const encode = await encoderOf(type);
    let hop: Hop = {
      method: call.method,
      path: wire.path,
      query:
        encode === undefined || call.query === undefined
          ? wire.query
          : urlEncode(queryTexts(call.query), encode),
      data: call.method === "GET" ? undefined : call.data,
      body:
        call.data === undefined || call.method === "GET"
          ? undefined
          : encodeBody(call.data, encode === undefined ? type : withoutParameters(type), { encode }),
    };
    const forbidden = this.#permission.refuses({ ...hop, headers: given });
    if (forbidden !== undefined) return rejectedResult(operation, "denied", forbidden);
    const cookies = new HopCookies(given.cookie, () => this.#clock.epoch());
    let whole: ToolResult | undefined;
    for (let count = 0; ; count += 1) {
      const result = await this.#send(hop, given, cookies, { operation, began, signal });
      cookies.take(result.headers["set-cookie"], `${this.#channel.base}${pathOf(hop)}`);
      whole = whole === undefined ? result : joinResults(whole, result);
      const next =
        count < MAX_REDIRECTS && result.error === undefined ? this.#next(hop, result, given) : undefined;
      if (typeof next !== "object") {
        if (next !== undefined) {
          whole.warning ??= next;
          whole.unfollowed = true;
        }
        break;
      }
      hop = next;
    }
    whole.timing.total = toMicros(this.#clock.now() - began);
    if (cookies.set.length > 0) whole.headers = { ...whole.headers, "set-cookie": cookies.set };
    if (whole.status >= 300 && whole.status < 400 && whole.attempts.length > MAX_REDIRECTS)
      whole.error = { code: "contract", message: `the page redirects more than ${MAX_REDIRECTS} times` };
    if (call.method !== "GET" && whole.error === undefined && whole.status < 300) {
      const { body } = whole;
      const { origin, data } = call;
      const sent: SentForm = { path: wire.path, data, origin, cookies: cookies.set.length > 0 };
      const refused = formAnswerFailure(body, sent, hop.method === "GET", whole.status);
      if (refused !== undefined) whole.error = refused;
    }
    return whole;
  }

  #send(
    hop: Hop,
    given: Readonly<Record<string, string | undefined>>,
    cookies: HopCookies,
    sent: { operation: string; began: number; signal: AbortSignal | undefined },
  ): Promise<ToolResult> {
    const { operation, began, signal } = sent;
    const { method, body } = hop;
    const path = pathOf(hop);
    const headers: Record<string, string> = { accept: ACCEPT };
    for (const [name, value] of Object.entries(given))
      if (value !== undefined && name !== "cookie" && name !== "content-type") headers[name] = value;
    const cookie = cookies.header();
    if (cookie !== undefined) headers.cookie = cookie;
    // As a browser does (Fetch, "Origin header"): CSRF protection of forms reads it.
    if (method !== "GET") headers.origin = this.#channel.origin;
    return this.#channel.send({
      method,
      path,
      headers,
      contentType: body?.type,
      body: body?.body ?? null,
      operation,
      read: (answer) => this.#read(answer, path),
      began,
      signal,
    });
  }

  /**
   * The next request of a redirect within the target (Fetch, "HTTP-redirect fetch"); undefined if it is none, and the
   * reason if it leads elsewhere, or to a path that an agent may not request itself.
   */
  #next(
    hop: Hop,
    { status, headers }: ToolResult,
    given: Readonly<Record<string, string | undefined>>,
  ): Hop | string | undefined {
    const { location } = headers;
    if (location === undefined || ![301, 302, 303, 307, 308].includes(status)) return undefined;
    if (typeof location !== "string") return "the redirect names several places and was not followed";
    const place = this.#place.path(location, this.#place.url(pathOf(hop)));
    if (place === undefined) return "the redirect leads to another site and was not followed";
    const wire = encodeRequestPath({ target: "", method: "GET", path: place });
    if (typeof wire === "string") return "the redirect leads to no path of the target and was not followed";
    const kept = status === 307 || status === 308;
    const next: Hop = kept
      ? { ...hop, ...wire }
      : { ...wire, method: "GET", data: undefined, body: undefined };
    return this.#permission.refuses({ ...next, headers: given }) === undefined
      ? next
      : "the redirect leads to what agents may not ask for and was not followed";
  }

  #read(answer: HttpResponse, path: string): { body: Body; error?: TransportError } {
    const read = readBody(answer, this.#config.maxBody, false);
    const type = String(answer.headers["content-type"] ?? "");
    if (read.error !== undefined || read.body.kind !== "text" || !HTML.test(type)) return read;
    const { text, bytes, cut } = read.body;
    const page = readPage(text, this.#place.url(path), this.#place, {
      encoding: read.encoding,
    });
    return { body: { kind: "page", page, bytes, cut } };
  }

  close(): Promise<void> {
    return this.#channel.close();
  }
}

/** The encoder of a form in its page's encoding, if its content type names one other than UTF-8. */
async function encoderOf(type: string): Promise<EncodeText | undefined> {
  if (!type.includes("charset")) return undefined;
  const charset = charsetOf(type);
  return charset === undefined || charset === "utf-8" ? undefined : encoderFor(charset);
}

/** A content type as browsers send it with forms: without the encoding, which servers know from their page. */
const withoutParameters = (type: string): string => type.replace(/\s*;.*$/s, "");

/** A query of a form as names and texts; a list repeats its name. */
function queryTexts(query: NonNullable<ToolCall["query"]>): [string, string][] {
  return Object.entries(query).flatMap(([name, value]): [string, string][] =>
    (Array.isArray(value) ? value : [value]).map((item): [string, string] => [
      name,
      typeof item === "string" ? item : JSON.stringify(item),
    ]),
  );
}
