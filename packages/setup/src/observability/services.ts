/** Service name of each role among the containers; Prometheus' jobs have the role's name. */
export const ROLE_SERVICES = {
  agents: "llama_agent",
  gateway: "mcp_gateway",
  inference: "cerebras_proxy",
} as const;

/** Folder of the generated observability files, beside the configuration. */
export const FOLDER = "ape.observability";
