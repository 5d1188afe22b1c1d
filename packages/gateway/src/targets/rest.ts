import type { TargetConfig } from "@ape/core/config/target";
import type { Clock } from "@ape/core/lib/clock";
import { ApeError } from "@ape/core/lib/errors";
import { isJsonObject } from "@ape/core/lib/json";
import type { ApiAuth, ApiDescription } from "@ape/core/protocol/api";
import {
  isMethod,
  type OperationRef,
  operationShape,
  parseOperation,
} from "@ape/core/protocol/operations/operation";
import { RouteTable, templateValues } from "@ape/core/protocol/operations/route-table";
import { serverPath } from "@ape/core/protocol/server-url";
import {
  type Body,
  rejectedResult,
  type ToolCall,
  type ToolResult,
  type TransportError,
} from "@ape/core/protocol/tool-call";
import { readBody } from "../body.ts";
import type { HttpResponse } from "../http-exchange.ts";
import { unusableParts } from "../openapi/audit/audit.ts";
import { OpenApiContract } from "../openapi/contract.ts";
import type { DocumentedOperation } from "../openapi/describe.ts";
import type { OpenApiDocument } from "../openapi/document.ts";
import { shownSource } from "../openapi/document-source.ts";
import { styledCall } from "../parameter-style.ts";
import { operationsAllowed } from "../permissions/allowed-operation.ts";
import { Permission } from "../permissions/permission.ts";
import { encodeBody } from "../request-body.ts";
import { encodeRequestPath } from "../request-path.ts";
import { HttpChannel } from "./http-channel.ts";
import { OperationLabels } from "./operation-label.ts";
import type { Target, TargetOptions } from "./target.ts";
import { withLowerCaseNames } from "./target-credentials.ts";

/** A parsed API document; without one its operations are those that `allow` names. */
interface KnownApi {
  operations: readonly DocumentedOperation[];
  title: string;
  announcesLimit: boolean;
  auth: readonly ApiAuth[];
  documented: boolean;
  contract: OpenApiContract | undefined;
  /** For operations with servers of their own: the path before theirs. */
  basePaths: ReadonlyMap<string, string>;
}

/** Headers that ask for an answer only if something changed (RFC 9110, sections 13.1.2 and 13.1.3). */
const CONDITION = /^if-(?:none-match|modified-since)$/i;

/** A REST API under test. */
export class RestTarget implements Target {
  readonly #config: TargetConfig;
  readonly #clock: Clock;
  readonly #operations: ReadonlyMap<string, DocumentedOperation>;
  readonly #description: ApiDescription;
  readonly #routes = new RouteTable();
  readonly #permission: Permission;
  readonly #channel: HttpChannel;
  readonly #contract: OpenApiContract | undefined;
  readonly #labels = new OperationLabels();
  readonly #basePaths: ReadonlyMap<string, string>;
  /** Whether any parameter of the document has a style other than the default. */
  #hasStyles = false;

  /** @throws ApeError FILE_MISSING, SPEC_INVALID */
  static async open(options: TargetOptions): Promise<RestTarget> {
    const { name, config, baseDir, documents } = options;
    const read = config.spec === undefined ? undefined : await documents.read(config.spec, baseDir);
    const document = read?.document;
    const checked = config.contract || config.validate !== "off";
    const api: KnownApi =
      read === undefined
        ? {
            operations: operationsAllowed(config),
            title: name,
            announcesLimit: false,
            auth: [],
            documented: false,
            contract: undefined,
            basePaths: NO_PATHS,
          }
        : {
            operations: read.operations,
            title: isJsonObject(read.document.root.info)
              ? String(read.document.root.info.title ?? name)
              : name,
            announcesLimit: read.announcesLimit,
            auth: read.auth,
            documented: true,
            contract: checked ? new OpenApiContract(read.document) : undefined,
            basePaths: NO_PATHS,
          };
    if (document === undefined) return new RestTarget(options, api, await HttpChannel.open(options));
    if (api.operations.length === 0) {
      const [part] = unusableParts(document, config.baseUrl).filter(({ place }) =>
        place.startsWith("#/paths"),
      );
      throw new ApeError(
        "SPEC_INVALID",
        `${shownSource(config.spec ?? "")} has no operation that agents can call`,
        {
          hint:
            part === undefined
              ? "Its paths need `get`, `post`, `put`, `patch` or `delete`."
              : `${part.place}: ${part.message}.`,
        },
      );
    }
    const base = basePathsOf(document, api.operations, config.baseUrl);
    const channel = await HttpChannel.open({ ...options, config: { ...config, baseUrl: base.url } });
    return new RestTarget(options, { ...api, basePaths: base.own }, channel);
  }

  private constructor({ name, config, clock }: TargetOptions, api: KnownApi, channel: HttpChannel) {
    this.#config = config;
    this.#clock = clock;
    this.#channel = channel;
    this.#contract = api.contract;
    this.#basePaths = api.basePaths;
    this.#operations = new Map(
      api.operations.map((operation) => [`${operation.method} ${operation.path}`, operation]),
    );
    for (const { method, path, styles } of api.operations) {
      this.#routes.add(method, path);
      if (Object.values(styles).some(({ size }) => size > 0)) this.#hasStyles = true;
    }
    this.#permission = new Permission({
      allow: allowOf(config, api),
      isExact: config.allow !== undefined,
      deny: config.deny,
      readOnly: config.readOnly,
      operations: [...this.#operations.keys()],
      routes: this.#routes,
      matrix: new Set(
        api.operations
          .filter(({ styles }) => [...styles.path.values()].some(({ name: style }) => style === "matrix"))
          .map(({ method, path }) => `${method} ${path}`),
      ),
      base: channel.base,
      headers: channel.ownHeaders,
    });
    this.#description = {
      target: name,
      title: api.title,
      documented: api.documented,
      auth: api.auth,
      ...(api.announcesLimit ? { announcesLimit: true } : {}),
      operations: api.operations
        .filter(({ method, path }) => this.#permission.permits(method, path))
        .map(({ bodyType: _1, promisesJson: _2, styles: _3, servers: _4, ...operation }) => operation),
    };
  }

  get description(): ApiDescription {
    return this.#description;
  }

  get operations(): readonly string[] {
    return [...this.#operations.keys()];
  }

  hasOperation(operation: string): boolean {
    const shape = operationShape(operation);
    if (this.operations.some((known) => operationShape(known) === shape)) return true;
    const reference = parseOperation(operation);
    return !this.#description.documented && reference !== undefined && this.permits(reference);
  }

  permits({ method, template: path }: OperationRef): boolean {
    const template = isMethod(method) ? this.#routes.match(method, path) : undefined;
    return template === undefined
      ? this.#permission.permits(method, path)
      : this.#permission.refuses({
          method,
          path,
          query: "",
          headers: undefined,
          data: undefined,
          template,
        }) === undefined;
  }

  reach(): Promise<void> {
    return this.#channel.reach(
      this.permits({ target: undefined, operation: "GET /", method: "GET", template: "/" }),
    );
  }

  async call(given: ToolCall, signal: AbortSignal | undefined): Promise<ToolResult> {
    const began = this.#clock.now();
    if (given.graphql !== undefined || given.tool !== undefined)
      return rejectedResult("other", "invalid_call", "this is a REST API: use http_get and its like");
    const { method } = given;
    const styles = this.#hasStyles ? this.#stylesOf(given) : undefined;
    let call = styles === undefined ? given : styledCall(given, styles.template, styles.of);
    const wire = encodeRequestPath(call, styles?.of.query);
    if (typeof wire === "string") return rejectedResult(this.#labels.of(method, "/"), "invalid_call", wire);
    const template = this.#routes.match(method, wire.path);
    const operation = template === undefined ? this.#labels.of(method, wire.path) : `${method} ${template}`;
    const refused = this.#permission.refuses({
      method,
      path: wire.path,
      query: wire.query,
      headers: call.headers,
      data: call.data,
      template,
    });
    if (refused !== undefined) return rejectedResult(operation, "denied", refused);
    const documented = this.#operations.get(operation);
    // Models and transports write no data where they mean null.
    if (call.data === undefined && documented?.nullBody === true) call = { ...call, data: null };
    const warning = this.#wrongIn(call, documented, wire.path);
    if (warning !== undefined && this.#config.validate === "enforce")
      return rejectedResult(operation, "invalid_call", `the API document forbids this: ${warning}`);
    const type = contentTypeOf(call, this.#channel.ownHeaders, documented?.bodyType);
    const encoded =
      type === undefined
        ? undefined
        : encodeBody(
            call.data ?? null,
            type,
            type === documented?.bodyType ? documented.encoding : undefined,
          );
    const result = await this.#channel.send({
      method,
      path: wire.query === "" ? wire.path : `${wire.path}?${wire.query}`,
      headers: encoded === undefined || encoded.type === type ? call.headers : withoutType(call.headers),
      contentType: encoded?.type,
      body: encoded?.body ?? null,
      operation,
      base: this.#basePaths.size === 0 ? undefined : this.#basePaths.get(operation),
      read: (answer) => this.#read(answer, documented, call.headers),
      began,
      signal,
    });
    if (warning !== undefined) result.warning = `the API document forbids this: ${warning}`;
    return result;
  }

  /** The styles of a call's parameters that are no plain text; most calls have none. */
  #stylesOf({ method, path }: ToolCall): { template: string; of: DocumentedOperation["styles"] } | undefined {
    const mark = path.search(/[?#]/);
    const template = this.#routes.match(method, mark < 0 ? path : path.slice(0, mark));
    const of = template === undefined ? undefined : this.#operations.get(`${method} ${template}`)?.styles;
    return template === undefined || of === undefined ? undefined : { template, of };
  }

  /** How a call breaks the document, if calls are validated. */
  #wrongIn(call: ToolCall, documented: DocumentedOperation | undefined, path: string): string | undefined {
    if (this.#config.validate === "off" || this.#contract === undefined) return undefined;
    if (documented === undefined) return `there is no ${call.method} ${path}`;
    const mark = call.path.indexOf("?");
    const written = mark < 0 ? {} : Object.fromEntries(new URLSearchParams(call.path.slice(mark + 1)));
    return this.#contract.refuses(documented.method, documented.path, {
      params: templateValues(documented.path, path),
      query: { ...written, ...call.query },
      data: call.data,
    });
  }

  #read(
    answer: HttpResponse,
    documented: DocumentedOperation | undefined,
    sent: ToolCall["headers"],
  ): { body: Body; error?: TransportError } {
    if (
      answer.status === 304 &&
      !Object.keys({ ...this.#channel.ownHeaders, ...sent }).some((name) => CONDITION.test(name))
    )
      return {
        body: { kind: "empty" },
        error: { code: "protocol", message: "answered 304 to a request without a condition" },
      };
    const read = readBody(answer, this.#config.maxBody, documented?.promisesJson ?? false);
    if (read.error !== undefined || documented === undefined || !this.#config.contract) return read;
    const type = answer.headers["content-type"];
    const broken = this.#contract?.broken(
      documented.method,
      documented.path,
      answer.status,
      String(type ?? ""),
      read.body,
    );
    return broken === undefined ? read : { body: read.body, error: { code: "contract", message: broken } };
  }

  close(): Promise<void> {
    return this.#channel.close();
  }
}

/** The configured `allow`, else every documented operation, else reads; for a read-only target, its reads. */
function allowOf({ allow, readOnly }: TargetConfig, { documented, operations }: KnownApi): readonly string[] {
  if (readOnly)
    return (allow ?? ["GET /**"])
      .map((pattern) => pattern.replace(/^\*/, "GET"))
      .filter((pattern) => pattern.startsWith("GET "));
  return allow ?? (documented ? operations.map(({ method, path }) => `${method} ${path}`) : ["GET /**"]);
}

const NO_PATHS: ReadonlyMap<string, string> = new Map();

/** Base paths of the document's operations: the base URL's for most, and those of other servers. */
function basePathsOf(
  { root, url }: OpenApiDocument,
  operations: readonly DocumentedOperation[],
  baseUrl: string,
): { url: string; own: ReadonlyMap<string, string> } {
  const common = serverPath(root.servers, url, baseUrl);
  const own = new Map<string, string>();
  for (const { method, path, servers } of operations) {
    if (servers === undefined) continue;
    const base = serverPath(servers, url, baseUrl);
    if (base !== common) own.set(`${method} ${path}`, base);
  }
  const full = new URL(baseUrl);
  full.pathname = common;
  return { url: full.href, own };
}

/** The content type of a call's data: that of the call, the target or the document, else JSON; none without data. */
function contentTypeOf(
  call: ToolCall,
  own: Readonly<Record<string, string>>,
  documented: string | undefined,
): string | undefined {
  // Content of a GET has no general meaning (RFC 9110, section 9.3.1): it is sent where the document describes it.
  if (call.data === undefined || (call.method === "GET" && documented === undefined)) return undefined;
  const given = call.headers === undefined ? undefined : withLowerCaseNames(call.headers)["content-type"];
  const plain = documented !== undefined && !documented.includes("*");
  return given ?? own["content-type"] ?? (plain ? documented : "application/json");
}

/** The session's headers without the content type, which a boundary has completed. */
function withoutType(headers: ToolCall["headers"]): ToolCall["headers"] {
  return Object.fromEntries(
    Object.entries(headers ?? {}).filter(([name]) => name.toLowerCase() !== "content-type"),
  );
}
