import { gatewayFileOf } from "@ape/core/config/gateway";
import type { FileGenerator } from "./generator.ts";

/** All that a gateway needs to run by itself. */
export const gatewayGenerator: FileGenerator = {
  name: "gateway",
  summary: "ape.mcp-gateway.json",
  files: ({ written }) => [{ path: "ape.mcp-gateway.json", text: gatewayFileOf(written) }],
};
