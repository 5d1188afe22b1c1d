import { ApeError } from "@ape/core/lib/errors";
import { isJsonObject } from "@ape/core/lib/json";
import type { Project } from "@ape/engine/run/project";
import { loadKeys } from "@ape/inference/limits/key-ring";
import { resolveProvider } from "@ape/inference/providers/providers";
import type { Finding } from "@ape/setup/validate/finding";

const ASK_MS = 10_000;
const MOST_NAMES = 8;

/** What a provider says to a key and a model: undefined where both are good. */
async function askProvider(
  { baseUrl, name, model }: { baseUrl: string; name: string; model: string },
  key: string | undefined,
): Promise<Pick<Finding, "rule" | "message" | "hint"> | undefined> {
  const { request } = await import("undici");
  let status: number;
  let text: string;
  try {
    const answer = await request(`${baseUrl.replace(/\/$/, "")}/models`, {
      signal: AbortSignal.timeout(ASK_MS),
      headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
    });
    status = answer.statusCode;
    text = await answer.body.text();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return { rule: "PROVIDER_FAILED", message: `${name} does not answer at ${baseUrl}`, hint: why };
  }
  if (status === 401 || status === 403)
    return {
      rule: "PROVIDER_FAILED",
      message: `${name} refuses the key (${status})`,
      hint: "See that it is whole, of this provider, and not withdrawn.",
    };
  const names = status === 200 ? namesIn(text) : [];
  if (names.length === 0 || names.includes(model)) return undefined;
  return {
    rule: "MODEL_UNKNOWN",
    message: `${name} has no model "${model}"`,
    hint: `It has ${names.slice(0, MOST_NAMES).join(", ")}${names.length > MOST_NAMES ? " and more" : ""}.`,
  };
}

function namesIn(text: string): string[] {
  try {
    const answer: unknown = JSON.parse(text);
    const list = isJsonObject(answer) && Array.isArray(answer.data) ? answer.data : [];
    return list.filter(isJsonObject).map(({ id }) => String(id));
  } catch {
    return [];
  }
}

/** Asks every provider of a project for its models, with each key; the simulated model needs no asking. */
export async function askProviders({ config, directory }: Project): Promise<Finding[]> {
  const { inference } = config;
  const findings: Finding[] = [];
  if (inference.replay !== undefined) return findings;
  for (const source of [inference, ...inference.fallback]) {
    try {
      const resolved = resolveProvider(source, inference.maxCompletionTokens);
      if (resolved.name === "simulated") continue;
      const keys = await loadKeys(source, directory);
      for (const key of keys.length === 0 ? [undefined] : keys.map((entry) => entry.key)) {
        const found = await askProvider(resolved, key);
        if (found !== undefined)
          findings.push({ severity: "error", line: 1, column: 1, start: 0, end: 0, ...found });
      }
    } catch (thrown) {
      // What a source lacks was told where the project was looked at.
      if (!(thrown instanceof ApeError)) throw thrown;
    }
  }
  return findings;
}
