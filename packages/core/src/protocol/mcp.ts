/** The revision of the Model Context Protocol that agents speak and that the gateway's fast lane takes. */
export const MCP_REVISION = "2026-07-28";

/** Begins the protocol's own keys of `_meta`. */
export const MCP_META = "io.modelcontextprotocol/";

/** Keys of `_meta` with the caller's identity, and `short` for a caller that needs no body as text. */
export const CALLER_META = {
  session: "io.ape/session",
  agent: "io.ape/agent",
  text: "io.ape/text",
} as const;
