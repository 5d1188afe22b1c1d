import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { kubeConfigAccess, podAccess } from "./kube-access.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ape-kubeconfig-"));
});
afterEach(() => rm(folder, { recursive: true }));

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** Writes a kubeconfig with one cluster, and contexts for each user. */
async function kubeconfig(users: string, more = ""): Promise<{ KUBECONFIG: string; PATH: string }> {
  const file = join(folder, "config");
  await writeFile(
    file,
    `apiVersion: v1
kind: Config
current-context: one
clusters:
  - { name: k, cluster: { server: "https://10.0.0.1:6443/", certificate-authority-data: ${base64("CA")}, tls-server-name: k.example } }
contexts:
  - { name: one, context: { cluster: k, user: u, namespace: team } }
  - { name: two, context: { cluster: k } }
  - { name: stranger, context: { cluster: k, user: none } }
users:
${users}
${more}`,
  );
  return { KUBECONFIG: file, PATH: process.env.PATH ?? "" };
}

test("server, namespace, authority and credentials are those of the current context", async () => {
  const env = await kubeconfig("  - { name: u, user: { token: abc } }");
  const access = await kubeConfigAccess(env);
  expect(access).toMatchObject({
    server: "https://10.0.0.1:6443",
    namespace: "team",
    ca: "CA",
    serverName: "k.example",
  });
  expect(await access.authorization?.()).toBe("Bearer abc");
});

test("the command line's context and namespace win; a context without a namespace has the default one", async () => {
  const env = await kubeconfig("  - { name: u, user: { token: abc } }");
  expect(await kubeConfigAccess(env, { context: "two" })).toMatchObject({ namespace: "default" });
  const named = await kubeConfigAccess(env, { context: "two", namespace: "mine" });
  expect(named.namespace).toBe("mine");
  expect(named.authorization).toBeUndefined();
});

test.each([
  ["a user name and password", "{ username: a, password: b }", `Basic ${base64("a:b")}`],
  ["a file with a token, relative to the kubeconfig", "{ tokenFile: ./token }", "Bearer from-file"],
  [
    "a plugin",
    "{ exec: { apiVersion: client.authentication.k8s.io/v1, command: ./plugin.sh, args: [x], env: [{ name: HI, value: there }] } }",
    "Bearer x-there-ExecCredential",
  ],
])("%s authorises requests", async (_what, user, wanted) => {
  await writeFile(join(folder, "token"), "from-file\n");
  await writeFile(
    join(folder, "plugin.sh"),
    `#!/bin/sh
kind=$(printf '%s' "$KUBERNETES_EXEC_INFO" | sed 's/.*"kind":"\\([A-Za-z]*\\)".*/\\1/')
printf '{"kind":"ExecCredential","status":{"token":"%s-%s-%s"}}' "$1" "$HI" "$kind"
`,
  );
  await chmod(join(folder, "plugin.sh"), 0o755);
  const access = await kubeConfigAccess(await kubeconfig(`  - { name: u, user: ${user} }`));
  expect(await access.authorization?.()).toBe(wanted);
});

test("a plugin is asked again only when its credential has expired", async () => {
  const count = join(folder, "count");
  await writeFile(
    join(folder, "plugin.sh"),
    `#!/bin/sh
echo x >> "${count}"
printf '{"status":{"token":"%s","expirationTimestamp":"%s"}}' "$(wc -l < "${count}" | tr -d ' ')" "$EXPIRES"
`,
  );
  await chmod(join(folder, "plugin.sh"), 0o755);
  const tokens = async (expires: string): Promise<(string | undefined)[]> => {
    await writeFile(count, "");
    const exec = `{ command: ./plugin.sh, env: [{ name: EXPIRES, value: "${expires}" }] }`;
    const access = await kubeConfigAccess(await kubeconfig(`  - { name: u, user: { exec: ${exec} } }`));
    return [await access.authorization?.(), await access.authorization?.(), await access.authorization?.()];
  };
  expect(await tokens("2999-01-01T00:00:00Z")).toEqual(["Bearer 1", "Bearer 1", "Bearer 1"]);
  expect(await tokens("2001-01-01T00:00:00Z")).toEqual(["Bearer 1", "Bearer 2", "Bearer 3"]);
});

test("a proxy of the cluster is read, and one that is no HTTP proxy is refused", async () => {
  const env = await kubeconfig("  - { name: u, user: { token: abc } }");
  const given = await readFile(env.KUBECONFIG, "utf8");
  const withProxy = (url: string): Promise<void> =>
    writeFile(env.KUBECONFIG, given.replace("tls-server-name", `proxy-url: "${url}", tls-server-name`));
  await withProxy("http://proxy:3128");
  expect((await kubeConfigAccess(env)).proxy).toBe("http://proxy:3128");
  await withProxy("socks5://proxy:1080");
  await expect(kubeConfigAccess(env)).rejects.toThrow(/socks5:\/\/proxy:1080/);
});

test("client certificates come from the kubeconfig or from files that it names", async () => {
  await writeFile(join(folder, "client.key"), "KEY");
  const user = `{ client-certificate-data: ${base64("CERT")}, client-key: client.key }`;
  expect(await kubeConfigAccess(await kubeconfig(`  - { name: u, user: ${user} }`))).toMatchObject({
    cert: "CERT",
    key: "KEY",
  });
});

test("several files complete each other, and one that does not exist is passed over", async () => {
  const { KUBECONFIG: first, PATH } = await kubeconfig("  []");
  const second = join(folder, "users");
  await writeFile(second, "users: [{ name: u, user: { token: later } }]\n");
  const access = await kubeConfigAccess({
    PATH,
    KUBECONFIG: [join(folder, "none"), first, second].join(delimiter),
  });
  expect(await access.authorization?.()).toBe("Bearer later");
});

test("what is missing or broken is named", async () => {
  const refusal = (message: RegExp) =>
    expect.objectContaining({
      code: "CONTAINERS_FAILED",
      message: expect.stringMatching(message) as string,
    }) as Error;
  await expect(kubeConfigAccess({ KUBECONFIG: join(folder, "none") })).rejects.toEqual(
    refusal(/there is no kubeconfig/),
  );
  const env = await kubeconfig("  - { name: u, user: { client-key: gone.key } }");
  await expect(kubeConfigAccess(env, { context: "three" })).rejects.toEqual(refusal(/no context "three"/));
  await expect(kubeConfigAccess(env)).rejects.toEqual(refusal(/gone\.key.* cannot be read/));
  const failing = await kubeconfig("  - { name: u, user: { exec: { command: ./not-there } } }");
  await expect(kubeConfigAccess(failing)).rejects.toEqual(refusal(/plugin \.\/not-there/));
  await writeFile(join(folder, "config"), "{ [");
  await expect(kubeConfigAccess(env)).rejects.toEqual(refusal(/is no YAML/));
  await expect(podAccess({})).rejects.toEqual(refusal(/no service account/));
});

test("a user that the kubeconfig lacks, or whose credentials are of an unknown kind, is never no user at all", async () => {
  const env = await kubeconfig("  - { name: u, user: { auth-provider: { name: oidc } } }");
  await expect(kubeConfigAccess(env, { context: "stranger" })).rejects.toThrow(/no user "none"/);
  await expect(kubeConfigAccess(env)).rejects.toThrow(/auth-provider/);
});

test("a server that is no URL is named", async () => {
  const env = await kubeconfig("  []");
  for (const server of ["10.0.0.1:6443", "https://", "ftp://host"]) {
    const text = (await readFile(env.KUBECONFIG, "utf8")).replace(/server: "[^"]*"/, `server: "${server}"`);
    await writeFile(env.KUBECONFIG, text);
    await expect(kubeConfigAccess(env, { context: "two" })).rejects.toThrow(`"${server}" is not a URL`);
  }
});

test("a user that acts as another one sends who that is, with each of its groups", async () => {
  const user =
    "{ token: abc, as: ann, as-groups: [devs, load], as-user-extra: { example.com/team: [shop] } }";
  const { impersonation } = await kubeConfigAccess(await kubeconfig(`  - { name: u, user: ${user} }`));
  expect(impersonation).toEqual({
    "impersonate-user": "ann",
    "impersonate-group": ["devs", "load"],
    "impersonate-extra-example.com%2Fteam": ["shop"],
  });
});

test("an empty KUBECONFIG is as none, and without any file a pod's service account is asked for", async () => {
  const home = { HOME: folder, KUBECONFIG: "" };
  await expect(kubeConfigAccess(home)).rejects.toMatchObject({
    message: "there is no kubeconfig",
    details: [join(folder, ".kube", "config")],
  });
  await expect(kubeConfigAccess({ ...home, KUBERNETES_SERVICE_HOST: "10.0.0.1" })).rejects.toThrow(
    /no service account/,
  );
});
