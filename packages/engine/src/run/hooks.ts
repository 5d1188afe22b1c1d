import { issuedCredentials } from "@ape/agent/credentials/issued-credentials";
import { targetOf } from "@ape/core/config/cross-field-validation";
import type { HookConfig } from "@ape/core/config/goal";
import { statusMatches } from "@ape/core/config/scalar";
import type { Config } from "@ape/core/config/schema";
import { dataSecrets, headerSecrets } from "@ape/core/config/secrets/target-secrets";
import { ApeError } from "@ape/core/lib/errors";
import type { Recorder } from "@ape/core/protocol/events";
import { parseOperation } from "@ape/core/protocol/operations/operation";
import { operationCall } from "@ape/core/protocol/operations/operation-call";
import type { ToolResult, ToolTransport } from "@ape/core/protocol/tool-call";
import { systemClock as clock } from "../host/clock.ts";

/**
 * Makes the requests of `setup` or `teardown` in order, with an event for each. A teardown continues after a failure.
 * @returns the credentials that the answers issued: later answers may repeat them
 * @throws ApeError HOOK_FAILED at the first failing request of `setup`
 */
export async function runHooks(
  phase: "setup" | "teardown",
  config: Config,
  tools: ToolTransport,
  recorder: Recorder,
): Promise<string[]> {
  const issued = new Set<string>();
  for (const hook of config[phase]) {
    const failure = await runHook(phase, hook, config, tools, recorder, issued);
    if (failure !== undefined && phase === "setup")
      throw new ApeError("HOOK_FAILED", `setup: ${hook.operation}: ${failure}`, {
        hint: "The load was not started. Try the request by hand, or correct `setup`.",
      });
  }
  return [...issued];
}

async function runHook(
  phase: "setup" | "teardown",
  hook: HookConfig,
  config: Config,
  tools: ToolTransport,
  recorder: Recorder,
  issued: Set<string>,
): Promise<string | undefined> {
  const operation = parseOperation(hook.operation);
  if (operation === undefined) return "no operation";
  const result = await tools.call({
    ...operationCall(targetOf(config, hook), operation, operation.template, hook),
    headers: hook.headers,
    ...(hook.data === undefined ? {} : { data: hook.data }),
  });
  for (const secret of issuedSecrets(result)) issued.add(secret);
  const failure =
    result.error?.message ??
    (statusMatches(hook.status, result.status) ? undefined : `answered ${result.status}`);
  recorder.record({
    type: "hook",
    at: clock.epoch(),
    phase,
    operation: hook.operation,
    status: result.status,
    durationMs: result.timing.total,
    ...(failure === undefined ? {} : { error: failure }),
  });
  return failure;
}

/** Shorter texts would hide parts of other words. */
const SHORTEST = 6;

/** The credentials of an answer: in its body by the names of their fields, in its headers, in its cookies, as its body. */
function issuedSecrets(result: ToolResult): string[] {
  const { body, headers } = result;
  const plain = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] as const] : [],
  );
  const cookies = [headers["set-cookie"] ?? []]
    .flat()
    .map((cookie) => cookie.slice(cookie.indexOf("=") + 1).split(";", 1)[0] ?? "");
  return [
    ...(body.kind === "json" ? dataSecrets(body.json) : []),
    ...headerSecrets(Object.fromEntries(plain)),
    ...issuedCredentials(result, true).map(({ value }) => value),
    ...cookies,
  ].filter((secret) => secret.length >= SHORTEST);
}
