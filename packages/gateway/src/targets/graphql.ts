import type { TargetConfig } from "@ape/core/config/target";
import type { Clock } from "@ape/core/lib/clock";
import { isJsonObject, type JsonObject } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import type { ApiDescription } from "@ape/core/protocol/api";
import type { OperationRef } from "@ape/core/protocol/operations/operation";
import { rejectedResult, type ToolCall, type ToolResult } from "@ape/core/protocol/tool-call";
import type { GraphQLSchema } from "graphql";
import { type ReadAnswer, readBody } from "../body.ts";
import { type DataRequest, dataFailure } from "../graphql/data-failure.ts";
import { describeSchema } from "../graphql/describe.ts";
import { failureOf, persistedQueryError } from "../graphql/failure.ts";
import { lackOfProof } from "../graphql/mutation-proof.ts";
import { RequestReader } from "../graphql/request.ts";
import { readGraphqlSchema } from "../graphql/schema.ts";
import type { HttpResponse } from "../http-exchange.ts";
import { methodOverridesOf } from "../permissions/method-override.ts";
import { Permission } from "../permissions/permission.ts";
import { joinResults } from "./attempts.ts";
import { HttpChannel } from "./http-channel.ts";
import type { Target, TargetOptions } from "./target.ts";

/** A GraphQL API under test. Its operations are the fields of the schema's root: `query orders`, `mutation pay`. */
export class GraphqlTarget implements Target {
  readonly description: ApiDescription;
  readonly operations: readonly string[];
  readonly #config: TargetConfig;
  readonly #clock: Clock;
  readonly #channel: HttpChannel;
  readonly #requests: RequestReader;
  readonly #permission: Permission;
  #persisted: boolean;

  /** @throws ApeError FILE_MISSING, SPEC_INVALID, TARGET_UNREACHABLE */
  static async open(options: TargetOptions): Promise<GraphqlTarget> {
    const channel = await HttpChannel.open(options);
    try {
      const schema = await readGraphqlSchema(options.name, options.config.spec, options.baseDir, channel);
      return new GraphqlTarget(options, channel, schema);
    } catch (thrown) {
      await channel.close();
      throw thrown;
    }
  }

  private constructor({ name, config, clock }: TargetOptions, channel: HttpChannel, schema: GraphQLSchema) {
    this.#config = config;
    this.#clock = clock;
    this.#channel = channel;
    this.#requests = new RequestReader(schema);
    this.#persisted = config.persistedQueries;
    this.#permission = new Permission({
      allow: config.allow ?? ["query *", "mutation *"],
      deny: config.deny,
    });
    const known = describeSchema(schema);
    this.operations = known.map(({ method, path }) => `${method} ${path}`);
    this.description = {
      target: name,
      kind: "graphql",
      title: schema.description ?? name,
      documented: true,
      auth: [],
      operations: known.filter(({ method, path }) => this.#permits(method, path)),
    };
  }

  #permits(kind: string, field: string): boolean {
    if (this.#config.readOnly && kind !== "query") return false;
    // Introspection and `__typename` are part of every schema: `allow` need not name them.
    if (field.startsWith("__")) return !this.#permission.denies(kind, field);
    return this.#permission.permits(kind, field);
  }

  hasOperation(operation: string): boolean {
    return this.operations.includes(operation);
  }

  permits({ method, template }: OperationRef): boolean {
    return this.#permits(method, template);
  }

  reach(): Promise<void> {
    return this.#channel.reach();
  }

  async call(call: ToolCall, signal: AbortSignal | undefined): Promise<ToolResult> {
    const began = this.#clock.now();
    const { graphql } = call;
    if (graphql === undefined)
      return rejectedResult("other", "invalid_call", "this is a GraphQL API: use the tool graphql");
    const read = this.#requests.read(graphql.query, graphql.operationName);
    if (!read.ok) return rejectedResult("other", "invalid_call", read.problem);
    const { kind, roots, node, fields } = read;
    const asked: DataRequest = {
      kind,
      fields,
      isErrorType: this.#requests.isErrorType,
      sends: RequestReader.sends(node, graphql.variables),
    };
    const operation = `${kind} ${roots[0] ?? "__typename"}`;
    const forbidden = roots.find((field) => !this.#permits(kind, field));
    if (forbidden !== undefined)
      return rejectedResult(
        operation,
        "denied",
        `${kind} ${forbidden} is not among the operations that are allowed here`,
      );
    if (methodOverridesOf(call.headers, "", undefined) !== undefined)
      return rejectedResult(operation, "denied", "a header names another method or path than the endpoint's");
    const wrong = this.#requests.wrongVariables(node, graphql.variables ?? {});
    if (wrong !== undefined) return rejectedResult(operation, "invalid_call", wrong);
    const send = (payload: JsonObject): Promise<ToolResult> =>
      this.#channel.send({
        method: "POST",
        path: "",
        headers: call.headers,
        contentType: "application/json",
        body: writeJson(payload),
        operation,
        idempotent: kind === "query",
        read: (answer) => this.#read(answer, asked),
        began,
        signal,
      });
    const rest: JsonObject = {
      ...(graphql.variables === undefined ? {} : { variables: graphql.variables }),
      ...(node.name === undefined ? {} : { operationName: node.name.value }),
    };
    if (!this.#persisted) return send({ query: graphql.query, ...rest });
    // Apollo, "Automatic persisted queries": the hash alone, and again with the query if the server does not know it.
    const hashed = { ...rest, extensions: { persistedQuery: { version: 1, sha256Hash: read.hash } } };
    const first = await send(hashed);
    const trouble = first.body.kind === "json" ? persistedQueryError(first.body.json) : undefined;
    if (trouble === undefined) return first;
    if (trouble === "unsupported") this.#persisted = false;
    const second = await send({ query: graphql.query, ...(this.#persisted ? hashed : rest) });
    return joinResults(first, second);
  }

  #read(answer: HttpResponse, asked: DataRequest): ReadAnswer {
    const read = readBody(answer, this.#config.maxBody, answer.status < 400);
    if (read.error !== undefined || read.body.kind !== "json") return read;
    const { json } = read.body;
    const failure = failureOf(json, answer.status);
    if (failure !== undefined) return { body: read.body, error: failure };
    const data = isJsonObject(json) ? json.data : undefined;
    const error = dataFailure(data, asked);
    if (error !== undefined) return { body: read.body, error };
    const unproven = lackOfProof(data, asked);
    return unproven === undefined ? read : { body: read.body, unproven };
  }

  close(): Promise<void> {
    return this.#channel.close();
  }
}
