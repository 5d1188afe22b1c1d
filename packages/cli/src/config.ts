import { parseConfig } from "@ape/core/config/parse";
import { stringify } from "yaml";

/**
 * For programs that generate tests: the text of ape.config.yaml for a configuration. The type `ApeConfig` of its
 * argument is generated from the schema; this function checks what types cannot express (names that refer to one
 * another, patterns). `${NAME}` stays unexpanded in the text; it is checked with the value from `environment`.
 * @throws ApeError CONFIG_INVALID with a line for each mistake; ENV_MISSING
 */
export function configText(
  config: object,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const text = stringify({ version: 1, ...config }, { aliasDuplicateObjects: false });
  parseConfig(text, "ape.config.yaml", environment);
  return text;
}
