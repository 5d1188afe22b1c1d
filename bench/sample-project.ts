import { parseConfig } from "@ape/core/config/parse";

const TEXT =
  'version: 1\ntargets: { shop: { baseUrl: "http://shop" } }\ngoals: [{ name: buy, prompt: Buy., success: [{ action: { operation: POST /orders } }] }]\n';

/** The configuration of a small project, as every worker of a run gets it. */
export const sampleProject = (): ReturnType<typeof parseConfig> => parseConfig(TEXT, "ape.config.yaml", {});
