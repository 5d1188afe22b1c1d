import { configJsonSchema } from "@ape/core/config/schema";
import { compile, type JSONSchema } from "json-schema-to-typescript";

/** The declarations of `ape-test/config`: the configuration's type, made from its schema, and what takes it. */
export async function configTypes(): Promise<string> {
  const schema = configJsonSchema() as JSONSchema;
  const type = await compile({ ...schema, title: "ApeConfig" }, "ApeConfig", {
    bannerComment: "/** Made from the schema of ape.config.yaml. */",
    additionalProperties: false,
    format: false,
  });
  return `${type}
/**
 * The text of ape.config.yaml for a configuration.
 * @param environment what \`\${NAME}\` is checked with; by default the process's own
 * @throws an error whose \`details\` has a line for each mistake
 */
export declare function configText(
  config: Omit<ApeConfig, "version"> & { version?: 1 },
  environment?: Readonly<Record<string, string | undefined>>,
): string;
`;
}
