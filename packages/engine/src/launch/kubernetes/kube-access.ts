import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { ApeError } from "@ape/core/lib/errors";
import { isJsonObject } from "@ape/core/lib/json";
import { parse } from "yaml";
import { type PluginCredential, runCredentialPlugin } from "./credential-plugin.ts";
import { nonEmptyText } from "./non-empty-text.ts";

/** How a process reaches the API of a cluster. */
export interface KubeAccess {
  /** `https://10.0.0.1:6443`, perhaps with a path. */
  server: string;
  namespace: string;
  ca?: string;
  cert?: string;
  key?: string;
  /** Name in the server's certificate, if it differs from the address. */
  serverName?: string;
  insecure?: true;
  /** An HTTP proxy through which the server is reached: `http://user:password@proxy:3128`. */
  proxy?: string;
  /** Headers that name the user and groups in whose place requests are made. */
  impersonation?: Readonly<Record<string, string | string[]>>;
  /** The value of the header `authorization` for the next request. */
  authorization?: () => Promise<string | undefined>;
  /** Makes {@link authorization} get the credential again, because the cluster refuses the last one. */
  renew?: () => void;
}

type Environment = Readonly<Record<string, string | undefined>>;

const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
/** Tokens of service accounts are renewed in their file. */
const TOKEN_MS = 60_000;

/**
 * The access of a pod by its service account.
 * @throws ApeError CONTAINERS_FAILED outside of a pod
 */
export async function podAccess(env: Environment): Promise<KubeAccess> {
  const { KUBERNETES_SERVICE_HOST: host = "", KUBERNETES_SERVICE_PORT: port = "443" } = env;
  const read = (name: string): Promise<string> =>
    readFile(join(ACCOUNT, name), "utf8").catch((cause: unknown) => {
      throw new ApeError("CONTAINERS_FAILED", "this process has no service account of a cluster", {
        cause,
        hint: "`ape-test serve engine` runs in the pod that `ape-test start --runtime kubernetes` makes.",
      });
    });
  return {
    server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
    namespace: (await read("namespace")).trim(),
    ca: await read("ca.crt"),
    ...remembered(async () => ({
      value: `Bearer ${(await read("token")).trim()}`,
      until: Date.now() + TOKEN_MS,
    })),
  };
}

interface Named {
  name: string;
}
type NamedPart<Key extends string> = Named & { [key in Key]?: Record<string, unknown> };

/** The parts of a kubeconfig that are read. */
interface KubeConfig {
  folder: string;
  current?: string;
  contexts: NamedPart<"context">[];
  clusters: NamedPart<"cluster">[];
  users: NamedPart<"user">[];
}

/**
 * The access that a kubeconfig describes: the files of `KUBECONFIG`, else `~/.kube/config`. Without one, that of the pod in
 * which this process runs, as of a CI runner in the cluster.
 * @param wanted a context and a namespace in place of the current ones
 * @throws ApeError CONTAINERS_FAILED if there is none, or it lacks something
 */
export async function kubeConfigAccess(
  env: Environment,
  wanted: { context?: string | undefined; namespace?: string | undefined } = {},
): Promise<KubeAccess> {
  const files = (env.KUBECONFIG || join(env.HOME ?? homedir(), ".kube", "config"))
    .split(delimiter)
    .filter((file) => file !== "");
  const configs = (await Promise.all(files.map(readConfig))).filter((config) => config !== undefined);
  if (configs.length === 0 && wanted.context === undefined && env.KUBERNETES_SERVICE_HOST !== undefined) {
    const own = await podAccess(env);
    return { ...own, namespace: wanted.namespace ?? own.namespace };
  }
  const name = wanted.context ?? configs.find(({ current }) => current !== undefined)?.current;
  const found = <Key extends "contexts" | "clusters" | "users">(
    kind: Key,
    one: unknown,
  ): { folder: string; entry: KubeConfig[Key][number] } | undefined => {
    for (const config of configs) {
      const entry = config[kind].find((candidate) => candidate.name === one);
      if (entry !== undefined) return { folder: config.folder, entry };
    }
    return undefined;
  };
  const context = found("contexts", name)?.entry.context;
  if (context === undefined)
    throw new ApeError(
      "CONTAINERS_FAILED",
      configs.length === 0
        ? "there is no kubeconfig"
        : `the kubeconfig has no context ${name === undefined ? "that is current" : `"${name}"`}`,
      {
        hint: "Set KUBECONFIG or `kubernetes.context`; `kubectl config get-contexts` shows what there is.",
        details: files,
      },
    );
  const cluster = found("clusters", context.cluster);
  const user = found("users", context.user);
  const server = nonEmptyText(cluster?.entry.cluster?.server);
  if (cluster === undefined || server === undefined)
    throw new ApeError("CONTAINERS_FAILED", `the context "${name}" names no cluster with a server`, {
      details: files,
    });
  if (!/^https?:\/\/[^/]/i.test(server) || !URL.canParse(server))
    throw new ApeError("CONTAINERS_FAILED", `the kubeconfig's server "${server}" is not a URL`, {
      details: files,
      hint: "Such as https://10.0.0.1:6443.",
    });
  if (user === undefined && nonEmptyText(context.user) !== undefined)
    throw new ApeError("CONTAINERS_FAILED", `the kubeconfig has no user "${nonEmptyText(context.user)}"`, {
      details: files,
      hint: `The context "${name}" names it; \`kubectl config get-users\` shows what there is.`,
    });
  return {
    server: server.replace(/\/$/, ""),
    namespace: wanted.namespace ?? nonEmptyText(context.namespace) ?? "default",
    ...(await clusterPart(cluster.entry.cluster ?? {}, cluster.folder)),
    ...(await userPart(user?.entry.user ?? {}, user?.folder ?? ".", { server, env })),
  };
}

async function readConfig(file: string): Promise<KubeConfig | undefined> {
  const content = await readFile(file, "utf8").catch(() => undefined);
  if (content === undefined) return undefined;
  let value: unknown;
  try {
    value = parse(content);
  } catch (cause) {
    throw new ApeError("CONTAINERS_FAILED", `the kubeconfig ${file} is no YAML`, { cause });
  }
  if (!isJsonObject(value)) return undefined;
  const list = (items: unknown): Named[] =>
    Array.isArray(items)
      ? items.filter((item): item is Named & Record<string, unknown> => isJsonObject(item))
      : [];
  const current = nonEmptyText(value["current-context"]);
  return {
    folder: dirname(file),
    ...(current === undefined ? {} : { current }),
    contexts: list(value.contexts),
    clusters: list(value.clusters),
    users: list(value.users),
  };
}

/** A value that is in the kubeconfig in base64, or in a file that it names. */
async function content(
  part: Record<string, unknown>,
  name: string,
  folder: string,
): Promise<string | undefined> {
  const data = nonEmptyText(part[`${name}-data`]);
  if (data !== undefined) return Buffer.from(data, "base64").toString("utf8");
  const file = nonEmptyText(part[name]);
  if (file === undefined) return undefined;
  return readFile(resolve(folder, file), "utf8").catch((cause: unknown) => {
    throw new ApeError("CONTAINERS_FAILED", `${file}, which the kubeconfig names, cannot be read`, { cause });
  });
}

async function clusterPart(
  cluster: Record<string, unknown>,
  folder: string,
): Promise<Pick<KubeAccess, "ca" | "serverName" | "insecure" | "proxy">> {
  const ca = await content(cluster, "certificate-authority", folder);
  const serverName = nonEmptyText(cluster["tls-server-name"]);
  const proxy = nonEmptyText(cluster["proxy-url"]);
  if (proxy !== undefined && !/^https?:\/\//i.test(proxy))
    throw new ApeError("CONTAINERS_FAILED", `the kubeconfig's proxy-url is no HTTP proxy: ${proxy}`, {
      hint: "Proxies of other protocols, such as socks5, are not supported.",
    });
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(serverName === undefined ? {} : { serverName }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(cluster["insecure-skip-tls-verify"] === true ? { insecure: true } : {}),
  };
}

async function userPart(
  user: Record<string, unknown>,
  folder: string,
  { server, env }: { server: string; env: Environment },
): Promise<Pick<KubeAccess, "cert" | "key" | "impersonation" | "authorization" | "renew">> {
  const cert = await content(user, "client-certificate", folder);
  const key = await content(user, "client-key", folder);
  const impersonation = impersonationOf(user);
  const own = {
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(impersonation === undefined ? {} : { impersonation }),
  };
  const token = nonEmptyText(user.token)?.trim();
  if (token !== undefined) return { ...own, authorization: async () => `Bearer ${token}` };
  const tokenFile = nonEmptyText(user.tokenFile);
  if (tokenFile !== undefined)
    return {
      ...own,
      ...remembered(async () => {
        const value = await readFile(resolve(folder, tokenFile), "utf8").catch((cause: unknown) => {
          throw new ApeError(
            "CONTAINERS_FAILED",
            `${tokenFile}, which the kubeconfig names, cannot be read`,
            {
              cause,
              hint: "It has the token of its user: renew it, or name another context.",
            },
          );
        });
        return { value: `Bearer ${value.trim()}`, until: Date.now() + TOKEN_MS };
      }),
    };
  const { username, password } = user;
  if (typeof username === "string" && typeof password === "string") {
    const value = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
    return { ...own, authorization: async () => value };
  }
  if (isJsonObject(user["auth-provider"]))
    throw new ApeError(
      "CONTAINERS_FAILED",
      "the kubeconfig's user has an `auth-provider`, which is not supported",
      { hint: "Such providers are deprecated: use a credential plugin (`exec`), a token or a certificate." },
    );
  if (!isJsonObject(user.exec)) return own;
  const { exec } = user;
  const run = (): Promise<PluginCredential> => runCredentialPlugin(exec, folder, { server, env });
  const first = await run();
  let given: PluginCredential | undefined = first;
  return {
    ...own,
    ...(first.cert === undefined ? {} : { cert: first.cert }),
    ...(first.key === undefined ? {} : { key: first.key }),
    ...remembered(async () => {
      const { token: value, until } = given ?? (await run());
      given = undefined;
      return { value: value === undefined ? undefined : `Bearer ${value}`, until };
    }),
  };
}

/** The headers of `as`, `as-uid`, `as-groups` and `as-user-extra`; undefined if the user acts as itself. */
function impersonationOf(user: Record<string, unknown>): KubeAccess["impersonation"] {
  const as = nonEmptyText(user.as);
  const uid = nonEmptyText(user["as-uid"]);
  const groups = Array.isArray(user["as-groups"]) ? user["as-groups"].map(String) : [];
  const extra = isJsonObject(user["as-user-extra"]) ? Object.entries(user["as-user-extra"]) : [];
  if (as === undefined && uid === undefined && groups.length === 0 && extra.length === 0) return undefined;
  return {
    ...(as === undefined ? {} : { "impersonate-user": as }),
    ...(uid === undefined ? {} : { "impersonate-uid": uid }),
    ...(groups.length === 0 ? {} : { "impersonate-group": groups }),
    ...Object.fromEntries(
      extra.map(([key, values]) => [
        `impersonate-extra-${encodeURIComponent(key)}`,
        Array.isArray(values) ? values.map(String) : String(values),
      ]),
    ),
  };
}

/** Calls for a value again when it has expired, or is refused. */
function remembered(
  get: () => Promise<{ value: string | undefined; until: number }>,
): Required<Pick<KubeAccess, "authorization" | "renew">> {
  let last: { value: string | undefined; until: number } | undefined;
  return {
    authorization: async () => {
      if (last === undefined || Date.now() > last.until) last = await get();
      return last.value;
    },
    renew: () => {
      last = undefined;
    },
  };
}
