import type { Environment } from "@ape/core/config/environment";
import type { TargetConfig } from "@ape/core/config/target";
import type { Clock } from "@ape/core/lib/clock";
import { ApeError, messageOf } from "@ape/core/lib/errors";
import { isComposite, isNestedDeeper, type Json } from "@ape/core/lib/json";
import type { ApiDescription, TargetKind } from "@ape/core/protocol/api";
import { parseOperation } from "@ape/core/protocol/operations/operation";
import { rejectedResult, type ToolCall, type ToolTransport } from "@ape/core/protocol/tool-call";
import { readProxySettings } from "@ape/http/proxy-settings";
import { lookupFor, type Resolve, requireAuthorized, resolveHost } from "./authorization.ts";
import { invalidHeader } from "./header-check.ts";
import { ApiReader } from "./openapi/api-reader.ts";
import { RestTarget } from "./targets/rest.ts";
import type { Target, TargetOptions } from "./targets/target.ts";

/** The only access to the systems under test. It keeps no session: each call carries the agent's state. */
export interface Gateway {
  /** In process; never rejects. */
  transport: ToolTransport;
  /** The description of a target for agents. */
  describe(target: string): ApiDescription;
  hasOperation(target: string, operation: string): boolean;
  /** Whether `allow`, `deny` and `readOnly` of a target let agents use an operation; false for an unknown one. */
  permits(target: string, operation: string): boolean;
  /** Every documented operation of a target. */
  operations(target: string): readonly string[];
  /** Tries a connection. @throws ApeError TARGET_UNREACHABLE */
  reach(target: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a gateway to every target.
 * @param baseDir base directory of the configuration's paths
 * @param env contains the forward proxies
 * @throws ApeError CONFIG_INVALID (a proxy variable), FILE_MISSING, SPEC_INVALID, TARGET_NOT_AUTHORIZED
 */
export async function createGateway(options: {
  targets: Readonly<Record<string, TargetConfig>>;
  clock: Clock;
  baseDir: string;
  env?: Environment;
  /** Finds the addresses of targets' names; the system's resolver by default. */
  resolve?: Resolve;
  /** Reads API documents; one of its own by default. */
  documents?: ApiReader;
}): Promise<Gateway> {
  const targets = new Map<string, Target>();
  const proxies = readProxySettings(options.env ?? {});
  const documents = options.documents ?? new ApiReader();
  for (const [name, config] of Object.entries(options.targets)) {
    const { clock, baseDir, resolve = resolveHost } = options;
    await requireAuthorized(name, config, resolve);
    const lookup = lookupFor(name, config, resolve);
    targets.set(name, await openTarget({ name, config, clock, baseDir, proxies, lookup, documents }));
  }
  const known = (name: string): Target => {
    const target = targets.get(name);
    if (target === undefined) throw new ApeError("INTERNAL", `there is no target "${name}"`);
    return target;
  };
  return {
    transport: {
      async call(call, signal) {
        const target = targets.get(call.target);
        if (target === undefined)
          return rejectedResult(
            "other",
            "unknown_target",
            `there is no API "${call.target.slice(0, 60)}"; there is ${[...targets.keys()].join(", ")}`,
          );
        const fault = invalidHeader(call.headers);
        if (fault !== undefined) return rejectedResult("other", "invalid_call", fault);
        if (isTooDeep(call))
          return rejectedResult(
            "other",
            "invalid_call",
            `what is sent is nested more than ${MAX_LEVELS} levels deep`,
          );
        try {
          return await target.call(call, signal);
        } catch (thrown) {
          return rejectedResult("other", "gateway", messageOf(thrown));
        }
      },
    },
    describe: (name) => known(name).description,
    hasOperation: (name, operation) => known(name).hasOperation(operation),
    permits: (name, operation) => {
      const reference = parseOperation(operation);
      return reference !== undefined && known(name).permits(reference);
    },
    operations: (name) => known(name).operations,
    reach: (name) => known(name).reach(),
    close: async () => {
      await Promise.all([...targets.values()].map((target) => target.close()));
    },
  };
}

/** Maximum levels of the values of a call: encoders are recursive. */
const MAX_LEVELS = 1_000;

const isTooDeep = ({ query, data, graphql, tool }: ToolCall): boolean =>
  isDeep(query as Json | undefined) || isDeep(data) || isDeep(graphql?.variables) || isDeep(tool?.arguments);

const isDeep = (value: Json | undefined): boolean => isComposite(value) && isNestedDeeper(value, MAX_LEVELS);

/** Opens a target of any kind; code that only one kind needs is loaded with it. */
const openTarget = (options: TargetOptions): Promise<Target> => OPENERS[options.config.kind](options);

const OPENERS: Readonly<Record<TargetKind, (options: TargetOptions) => Promise<Target>>> = {
  rest: (options) => RestTarget.open(options),
  graphql: async (options) => (await import("./targets/graphql.ts")).GraphqlTarget.open(options),
  web: async (options) => (await import("./targets/web.ts")).WebTarget.open(options),
  mcp: async (options) => (await import("./targets/mcp.ts")).McpTarget.open(options),
};
