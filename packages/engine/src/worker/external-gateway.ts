import { createMcpTransport } from "@ape/agent/transports/mcp-http";
import type { Config } from "@ape/core/config/schema";
import { ApeError, messageOf } from "@ape/core/lib/errors";
import type { ApiDescription } from "@ape/core/protocol/api";
import type { ToolTransport } from "@ape/core/protocol/tool-call";
import { getJson } from "./get-json.ts";

/** The transport to a gateway that this run has not started. */
export interface ExternalGateway {
  transport: ToolTransport;
  /** The run's targets, as that gateway describes them. */
  apis: readonly ApiDescription[];
  close(): Promise<void>;
}

/**
 * Connects to the gateway that `gateway.url` names; undefined without one.
 * @throws ApeError GATEWAY_UNREACHABLE if it does not answer, refuses the token, or lacks one of the run's targets
 */
export async function openExternalGateway({
  gateway: { url, token },
  targets,
}: Pick<Config, "gateway" | "targets">): Promise<ExternalGateway | undefined> {
  if (url === undefined) return undefined;
  const known = (await getJson(new URL("apis", url).href, token).catch((cause: unknown) => {
    throw new ApeError("GATEWAY_UNREACHABLE", `the gateway at ${url} cannot be asked: ${messageOf(cause)}`, {
      cause,
      hint: "Start it with `ape-test serve gateway`, and give its APE_TOKEN as `gateway.token`.",
    });
  })) as readonly ApiDescription[];
  const apis = Object.keys(targets).map((name) => {
    const api = known.find(({ target }) => target === name);
    if (api !== undefined) return api;
    const others = known.map(({ target }) => target).join(", ");
    throw new ApeError(
      "GATEWAY_UNREACHABLE",
      `the gateway at ${url} has no target ${name}: it has ${others}`,
      {
        hint: "Give both the same targets: `ape-test generate gateway` writes that gateway's file.",
      },
    );
  });
  const transport = createMcpTransport({ url, ...(token === undefined ? {} : { token }) });
  return { transport, apis, close: () => transport.close() };
}
