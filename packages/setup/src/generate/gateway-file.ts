import { gatewayFileOf } from "@ape/core/config/gateway";
import { usesContainers } from "../compose/generator.ts";
import type { FileGenerator } from "./generator.ts";

/** The configuration file of a stand-alone gateway; of a run without containers only where it is asked for by name. */
export const gatewayGenerator: FileGenerator = {
  name: "gateway",
  summary: "ape.mcp-gateway.json",
  files: ({ config, written, named }) =>
    named === true || usesContainers(config, written)
      ? [{ path: "ape.mcp-gateway.json", text: gatewayFileOf(written) }]
      : [],
};
