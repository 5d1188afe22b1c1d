import { expect, test } from "vitest";
import { runCredentialPlugin } from "./credential-plugin.ts";

const run = (script: string, more: { answerMs?: number; exec?: object } = {}) => {
  const { exec, ...options } = more;
  return runCredentialPlugin({ command: "sh", args: ["-c", script], ...exec }, "/", {
    server: "https://k",
    env: { PATH: process.env.PATH ?? "" },
    ...options,
  });
};

test("a plugin has no input to wait for, and its credential ends a little before it expires", async () => {
  const until = Date.parse("2030-01-01T00:00:00Z");
  const script = `cat; printf '{"status":{"token":"t","expirationTimestamp":"2030-01-01T00:00:00Z"}}'`;
  expect(await run(script)).toEqual({ token: "t", until: until - 30_000 });
});

test.each([
  ["fails", "echo 'session has expired' >&2; exit 3", /failed: exit code 3/, ["session has expired"]],
  ["is killed", "kill -9 $$", /failed: ended by SIGKILL/, []],
  ["prints something else", "echo hello", /printed no JSON/, ["hello"]],
  ["gives nothing", "echo '{}'", /gave neither a token nor a certificate/, []],
])("a plugin that %s is named, with what it wrote", async (_what, script, message, details) => {
  await expect(run(script)).rejects.toMatchObject({
    code: "CONTAINERS_FAILED",
    message: expect.stringMatching(message) as string,
    details,
    hint: expect.stringContaining("sign in") as string,
  });
});

test("a plugin that does not end is killed, and what it wrote is shown", async () => {
  const script = "echo 'open https://sign.in and enter ABC' >&2; trap '' TERM; sleep 5 & wait";
  await expect(run(script, { answerMs: 100, exec: { installHint: "Sign in first." } })).rejects.toMatchObject(
    {
      message: "the credential plugin sh of the kubeconfig did not end within 0.1 s",
      details: ["open https://sign.in and enter ABC"],
      hint: "Sign in first.",
    },
  );
});

test("a program that is not there is named", async () => {
  await expect(run("", { exec: { command: "no-such-plugin" } })).rejects.toThrow(
    /no-such-plugin.*failed: .*ENOENT/,
  );
});
