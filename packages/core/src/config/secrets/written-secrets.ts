import { isJsonObject } from "../../lib/json.ts";
import { alternativesOf, type Check } from "../check.ts";
import type { Config } from "../schema.ts";
import { dataSecrets, headerSecrets } from "./target-secrets.ts";

/** A flag or a variable with its value in one argument: `--token=x`, `API_KEY=x`. */
const ASSIGNED = /^-{0,2}([A-Za-z][\w-]*)=(.+)$/s;
const FLAG = /^--?([A-Za-z][\w-]*)$/;

/** The values of variables, by names such as `DB_PASSWORD`, that are credentials. */
function variableSecrets(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).flatMap(([name, value]) =>
    // The parts of a name are separated as in those of headers.
    headerSecrets({ [name.replaceAll("_", "-")]: value }),
  );
}

/** The arguments of a command that are credentials by the flag before them, or by their own name. */
function commandSecrets(command: readonly string[] = []): string[] {
  return command.flatMap((argument, index) => {
    const [, name = "", value = ""] = ASSIGNED.exec(argument) ?? [];
    if (name !== "") return variableSecrets({ [name]: value });
    const [, flag] = FLAG.exec(command[index - 1] ?? "") ?? [];
    return flag === undefined || argument.startsWith("-") ? [] : variableSecrets({ [flag]: argument });
  });
}

/** The credentials that a check expects in the headers of an answer. */
function expectedSecrets(check: Check): string[] {
  if (check.kind === "state") return [];
  const { headers = {} } = check.kind === "action" ? check.action : check.probe.expect;
  return Object.entries(headers).flatMap(([name, expected]) => {
    const values = isJsonObject(expected) ? Object.values(expected) : [expected];
    return values.flatMap((value) => (typeof value === "string" ? headerSecrets({ [name]: value }) : []));
  });
}

/**
 * Values of a configuration that are credentials of other systems: they are masked in what a run keeps of its
 * configuration, and not searched for in answers. The address of a webhook is its only credential.
 */
export function writtenSecrets({ compose, targets, goals }: Config): string[] {
  const { webhook, target } = compose;
  const addresses = webhook === undefined ? [] : [webhook, webhook.replace(/^[a-z]+:\/\/[^/]*\/?/i, "")];
  return [
    ...addresses.filter((part) => part.length >= 8),
    ...variableSecrets(target?.environment ?? {}),
    ...commandSecrets(target?.command),
    ...Object.values(targets).flatMap(({ command }) => commandSecrets(command)),
    ...goals.flatMap(({ success }) =>
      success.flatMap(alternativesOf).flatMap(({ check }) => expectedSecrets(check)),
    ),
  ];
}

/** The credentials in a query that the configuration writes, by the names of its parameters. */
export function parameterSecrets(query: Readonly<Record<string, unknown>> | undefined): string[] {
  if (query === undefined) return [];
  const texts = Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) =>
      typeof value === "string" && !value.includes("{") ? [[name, value] as const] : [],
    ),
  );
  return dataSecrets(texts);
}
