import { parseConfig } from "@ape/core/config/parse";
import { stringify } from "yaml";

/**
 * For programs that make tests: the text of ape.config.yaml for a configuration. The type `ApeConfig` of its argument
 * is made from the schema; what types cannot say (names that refer to one another, patterns) is checked here.
 * `${NAME}` stays unread in the text; it is checked as if every variable held `environment`'s value.
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
