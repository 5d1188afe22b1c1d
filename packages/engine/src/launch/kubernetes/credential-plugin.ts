import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { ApeError } from "@ape/core/lib/errors";
import { isJsonObject } from "@ape/core/lib/json";
import { nonEmptyText } from "./non-empty-text.ts";

/** How long a plugin may take: some of them wait for a user to sign in, in milliseconds. */
const ANSWER_MS = 60_000;
/** A plugin that does not end when it is asked to is killed after this time, in milliseconds. */
const KILL_MS = 2_000;
/** A credential is fetched again so long before it expires, in milliseconds. */
const EARLY_MS = 30_000;
/** Characters of what a plugin has written that an error shows. */
const SHOWN_CHARS = 500;

/** What a credential plugin gives. */
export interface PluginCredential {
  token?: string;
  cert?: string;
  key?: string;
  /** Until when it may be used, in epoch milliseconds. */
  until: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Runs the credential plugin of a kubeconfig. Source: client.authentication.k8s.io/v1, ExecCredential.
 * @param exec what the kubeconfig says of it
 * @param folder of the kubeconfig, where relative paths begin
 * @throws ApeError CONTAINERS_FAILED with what the plugin wrote, if it fails, does not end, or gives no credential
 */
export async function runCredentialPlugin(
  exec: Record<string, unknown>,
  folder: string,
  { server, env, answerMs = ANSWER_MS }: { server: string; env: Environment; answerMs?: number },
): Promise<PluginCredential> {
  const command = nonEmptyText(exec.command) ?? "";
  const args = Array.isArray(exec.args) ? exec.args.map(String) : [];
  const variables = Array.isArray(exec.env) ? exec.env.filter(isJsonObject) : [];
  const apiVersion = nonEmptyText(exec.apiVersion) ?? "client.authentication.k8s.io/v1";
  const info = { apiVersion, kind: "ExecCredential", spec: { interactive: false, cluster: { server } } };
  const failed = (how: string, written = ""): ApeError =>
    new ApeError("CONTAINERS_FAILED", `the credential plugin ${command} of the kubeconfig ${how}`, {
      details: written.trim() === "" ? [] : [written.trim().slice(-SHOWN_CHARS)],
      hint:
        nonEmptyText(exec.installHint) ?? "Try the same command in a terminal: it may want you to sign in.",
    });
  const { stdout, stderr, end } = await outputOf(
    command.includes("/") ? resolve(folder, command) : command,
    args,
    {
      ...env,
      ...Object.fromEntries(variables.map(({ name, value }) => [String(name), String(value)])),
      KUBERNETES_EXEC_INFO: JSON.stringify(info),
    },
    answerMs,
  );
  if (end !== 0)
    throw failed(
      end === "late" ? `did not end within ${answerMs / 1_000} s` : `failed: ${howEnded(end)}`,
      stderr,
    );
  let answer: unknown;
  try {
    answer = JSON.parse(stdout);
  } catch {
    throw failed("printed no JSON", stderr === "" ? stdout : stderr);
  }
  const status = isJsonObject(answer) && isJsonObject(answer.status) ? answer.status : {};
  const token = nonEmptyText(status.token);
  const cert = nonEmptyText(status.clientCertificateData);
  const key = nonEmptyText(status.clientKeyData);
  if (token === undefined && cert === undefined)
    throw failed("gave neither a token nor a certificate", stderr);
  const expires = Date.parse(nonEmptyText(status.expirationTimestamp) ?? "");
  return {
    ...(token === undefined ? {} : { token }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    until: Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires - EARLY_MS,
  };
}

const howEnded = (end: number | string): string => (typeof end === "number" ? `exit code ${end}` : end);

/** Runs a program without input. @returns what it printed, and its exit code, else `late` or why it did not run */
function outputOf(
  program: string,
  args: readonly string[],
  env: Environment,
  answerMs: number,
): Promise<{ stdout: string; stderr: string; end: number | string }> {
  return new Promise((done) => {
    const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    const written = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].setEncoding("utf8").on("data", (chunk: string) => {
        written[name] += chunk;
      });
    let isLate = false;
    const timers: NodeJS.Timeout[] = [];
    const finish = (end: number | string): void => {
      for (const timer of timers) clearTimeout(timer);
      done({ ...written, end: isLate ? "late" : end });
    };
    timers.push(
      setTimeout(() => {
        isLate = true;
        child.kill("SIGTERM");
        timers.push(setTimeout(() => child.kill("SIGKILL"), Math.min(KILL_MS, answerMs)));
      }, answerMs),
    );
    // What the plugin has started may keep its streams open after it.
    child.once("exit", () => {
      if (!isLate) return;
      child.stdout.destroy();
      child.stderr.destroy();
    });
    child.once("error", ({ message }) => finish(message));
    child.once("close", (code, signal) => finish(code ?? `ended by ${signal ?? "a signal"}`));
  });
}
