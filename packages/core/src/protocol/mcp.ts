/** The revision of the Model Context Protocol that agents speak and that the gateway's fast lane takes. */
export const MCP_REVISION = "2026-07-28";

/** Begins the protocol's own keys of `_meta`. */
export const MCP_META = "io.modelcontextprotocol/";

/**
 * Keys of `_meta` in which a caller says who it is, with `short` that it needs no body as text, and as JSON what the page
 * of a form showed before.
 */
export const CALLER_META = {
  session: "io.ape/session",
  agent: "io.ape/agent",
  text: "io.ape/text",
  origin: "io.ape/form-origin",
} as const;
