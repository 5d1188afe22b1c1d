import type { ProviderName } from "@ape/core/config/inference";
import { PROVIDERS } from "@ape/inference/providers/provider-list";
import { type Command, Option } from "commander";

/** What the command line says of a model in place of the configuration. */
export interface ModelOptions {
  provider?: ProviderName;
  baseUrl?: string;
  keyVariable?: string;
}

/** Options that name a model in place of the configuration's. */
export function withModelOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--provider <name>", "a provider instead of the configuration's").choices(
        Object.keys(PROVIDERS),
      ),
    )
    .option("--base-url <url>", "address of an OpenAI-compatible server, before /chat/completions")
    .option("--key-variable <name>", "environment variable with the key; the provider's usual one otherwise");
}
