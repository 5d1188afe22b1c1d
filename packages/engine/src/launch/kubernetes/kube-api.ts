import { ApeError, messageOf } from "@ape/core/lib/errors";
import { isJsonObject } from "@ape/core/lib/json";
import type { Dispatcher } from "undici";
import { certificateFault } from "./certificate-fault.ts";
import type { KubeAccess } from "./kube-access.ts";
import { KubeRequests, type RetryOptions } from "./kube-requests.ts";
import { refusal } from "./refusal.ts";

/** An object as the API returns it. */
export interface KubeObject {
  kind?: string;
  apiVersion?: string;
  metadata: {
    name: string;
    uid?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    creationTimestamp?: string;
  };
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
  [key: string]: unknown;
}

/** Where the objects of a kind are. Every kind that a run has is here. */
const KINDS = {
  Job: ["apis/batch/v1", "jobs"],
  Deployment: ["apis/apps/v1", "deployments"],
  StatefulSet: ["apis/apps/v1", "statefulsets"],
  Service: ["api/v1", "services"],
  ServiceAccount: ["api/v1", "serviceaccounts"],
  ConfigMap: ["api/v1", "configmaps"],
  Secret: ["api/v1", "secrets"],
  Pod: ["api/v1", "pods"],
  Event: ["api/v1", "events"],
  PersistentVolumeClaim: ["api/v1", "persistentvolumeclaims"],
  ResourceQuota: ["api/v1", "resourcequotas"],
  Role: ["apis/rbac.authorization.k8s.io/v1", "roles"],
  RoleBinding: ["apis/rbac.authorization.k8s.io/v1", "rolebindings"],
  NetworkPolicy: ["apis/networking.k8s.io/v1", "networkpolicies"],
  PodDisruptionBudget: ["apis/policy/v1", "poddisruptionbudgets"],
  PodMonitor: ["apis/monitoring.coreos.com/v1", "podmonitors"],
} as const satisfies Record<string, readonly [path: string, plural: string]>;
export type KubeKind = keyof typeof KINDS;

const MANAGER = "ape-test";

/** Resource and group of a kind, as permissions name it. */
function resourceOf(kind: KubeKind): { group: string; resource: string } {
  const [path, resource] = KINDS[kind];
  return { group: path.startsWith("apis/") ? (path.split("/")[1] ?? "") : "", resource };
}

interface LogOptions {
  follow?: boolean;
  tailLines?: number;
  /** Only lines of this second and later, as the node's clock has it. */
  sinceTime?: string;
  /** Each line begins with its time and a blank. */
  timestamps?: boolean;
  signal?: AbortSignal;
}

/**
 * The objects of one namespace of a cluster, over its HTTP API. Every method throws ApeError CONTAINERS_FAILED with the
 * API's own words if it refuses, or does not answer in time; an API that is away for a while is waited for.
 */
export class KubeApi {
  readonly namespace: string;
  readonly #access: KubeAccess;
  readonly #requests: KubeRequests;

  constructor(access: KubeAccess, patience: RetryOptions = {}) {
    this.#access = access;
    this.namespace = access.namespace;
    this.#requests = new KubeRequests(access, patience);
  }

  /** Undefined if there is no such object. */
  async get(kind: KubeKind, name: string): Promise<KubeObject | undefined> {
    return (await this.#call("GET", this.#path(kind, name), { missing: true })) as KubeObject | undefined;
  }

  /** Objects with all of these labels, in the order of their names. */
  async list(kind: KubeKind, labels: Readonly<Record<string, string>>): Promise<KubeObject[]> {
    const selector = Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(",");
    return this.#items(`${this.#path(kind)}?labelSelector=${encodeURIComponent(selector)}`);
  }

  /** Events about one object, the newest last. */
  async events(name: string): Promise<KubeObject[]> {
    const selector = encodeURIComponent(`involvedObject.name=${name}`);
    return this.#items(`${this.#path("Event")}?fieldSelector=${selector}`);
  }

  async #items(path: string): Promise<KubeObject[]> {
    const answer = await this.#call("GET", path, {});
    return isJsonObject(answer) && Array.isArray(answer.items)
      ? (answer.items as unknown as KubeObject[])
      : [];
  }

  /** Makes an object, or changes it to be like this: server-side apply. */
  async apply(object: KubeObject, dryRun = false): Promise<KubeObject> {
    const kind = object.kind as KubeKind;
    const query = `fieldManager=${MANAGER}&force=true&fieldValidation=Strict${dryRun ? "&dryRun=All" : ""}`;
    return (await this.#call("PATCH", `${this.#path(kind, object.metadata.name)}?${query}`, {
      body: object,
      type: "application/apply-patch+yaml",
    })) as KubeObject;
  }

  /** Changes parts of an object (RFC 7396). */
  async patch(kind: KubeKind, name: string, patch: object): Promise<void> {
    await this.#call("PATCH", `${this.#path(kind, name)}?fieldManager=${MANAGER}`, {
      body: patch,
      type: "application/merge-patch+json",
    });
  }

  /** Deletes an object and, in the background, what it owns; one that is gone is no error. */
  async delete(kind: KubeKind, name: string): Promise<void> {
    await this.#call("DELETE", this.#path(kind, name), {
      missing: true,
      body: { propagationPolicy: "Background" },
    });
  }

  /** Whether this client may do something in the namespace (SelfSubjectAccessReview). */
  async allows(kind: KubeKind, verb: string, subresource?: string): Promise<boolean> {
    const attributes = {
      namespace: this.namespace,
      verb,
      ...resourceOf(kind),
      ...(subresource && { subresource }),
    };
    const answer = (await this.#call("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
      body: {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SelfSubjectAccessReview",
        spec: { resourceAttributes: attributes },
      },
    })) as KubeObject;
    return answer.status?.allowed === true;
  }

  /** Version of the cluster, such as `v1.34.4`. */
  async version(): Promise<string> {
    const answer = await this.#call("GET", "/version", {});
    return isJsonObject(answer) ? String(answer.gitVersion) : "";
  }

  /** The cluster's time in epoch milliseconds, exact to a second. */
  now(): number {
    return this.#requests.now();
  }

  /** Lines of a pod's log, as they come if it is followed. Ends with the pod or with the signal. */
  async *log(
    pod: string,
    { follow = false, tailLines, sinceTime, timestamps = false, signal }: LogOptions = {},
  ): AsyncGenerator<string> {
    const query = new URLSearchParams({
      follow: String(follow),
      ...(tailLines === undefined ? {} : { tailLines: String(tailLines) }),
      ...(sinceTime === undefined ? {} : { sinceTime }),
      ...(timestamps ? { timestamps: "true" } : {}),
    });
    const path = `${this.#path("Pod", pod)}/log`;
    const { status, content: body } = await this.#requests.send(
      { method: "GET", path: `${path}?${query}`, ...(signal === undefined ? {} : { signal }) },
      async (answer) => answer.body,
    );
    if (status >= 400) throw this.#refusal(status, await body.text(), `GET ${path}`);
    let rest = "";
    const decoder = new TextDecoder();
    try {
      for await (const chunk of body) {
        const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split("\n");
        rest = lines.pop() ?? "";
        yield* lines;
      }
    } catch (thrown) {
      // A connection that ends in the middle, as the follower's own signal makes it.
      if (signal?.aborted !== true)
        throw new ApeError("CONTAINERS_FAILED", `the log of ${pod} breaks off: ${messageOf(thrown)}`, {
          cause: thrown,
        });
    }
    if (rest !== "") yield rest;
  }

  /** What a WebSocket to a subresource of a pod needs. */
  async upgrade(
    pod: string,
    subresource: string,
  ): Promise<{ url: string; dispatcher: Dispatcher; headers: Record<string, string> }> {
    const authorization = await this.#access.authorization?.();
    return {
      url: `${this.#access.server.replace(/^http/, "ws")}${this.#path("Pod", pod)}/${subresource}`,
      dispatcher: this.#requests.agent,
      headers: authorization === undefined ? {} : { authorization },
    };
  }

  close(): Promise<void> {
    return this.#requests.close();
  }

  #refusal(status: number, body: string, request: string): ApeError {
    return refusal(status, body, request, certificateFault(this.#access, status, Date.now()));
  }

  #path(kind: KubeKind, name?: string): string {
    const [path, plural] = KINDS[kind];
    const place = `/${path}/namespaces/${encodeURIComponent(this.namespace)}/${plural}`;
    return name === undefined ? place : `${place}/${encodeURIComponent(name)}`;
  }

  async #call(
    method: Dispatcher.HttpMethod,
    path: string,
    { body, type = "application/json", missing = false }: { body?: object; type?: string; missing?: boolean },
  ): Promise<unknown> {
    const { status, content } = await this.#requests.send(
      { method, path, ...(body === undefined ? {} : { body: JSON.stringify(body), type }) },
      (answer) => answer.body.text(),
    );
    if (status === 404 && missing) return undefined;
    if (status >= 400) throw this.#refusal(status, content, `${method} ${path.split("?")[0] ?? ""}`);
    if (content === "") return undefined;
    try {
      return JSON.parse(content) as unknown;
    } catch (cause) {
      throw new ApeError("CONTAINERS_FAILED", `${this.#access.server} is not the API of a cluster`, {
        cause,
        details: [content.slice(0, 200)],
        hint: "Look at the address in the kubeconfig: something else answers there.",
      });
    }
  }
}
