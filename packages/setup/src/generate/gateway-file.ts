import { gatewayFileOf } from "@ape/core/config/gateway";
import type { FileGenerator } from "./generator.ts";

/** The configuration file of a stand-alone gateway. */
export const gatewayGenerator: FileGenerator = {
  name: "gateway",
  summary: "ape.mcp-gateway.json",
  files: ({ written }) => [{ path: "ape.mcp-gateway.json", text: gatewayFileOf(written) }],
};
