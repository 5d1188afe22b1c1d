import { execFileSync } from "node:child_process";
import { NAME_LABEL } from "@ape/core/config/runtime/run-objects";
import { kubeConfigAccess } from "@ape/engine/launch/kubernetes/kube-access";
import { KubeApi, type KubeObject } from "@ape/engine/launch/kubernetes/kube-api";
import { podState } from "@ape/engine/launch/kubernetes/pod-states";
import type { Books } from "@ape/shop/books";
import { eventually, ProjectFolder } from "../e2e/ape.ts";
import { shopping } from "../e2e/shopping.ts";

const IMAGE = process.env.APE_TEST_IMAGE ?? "docker.io/library/ape-test:0.1.0";
const NATS_IMAGE = process.env.APE_TEST_NATS_IMAGE ?? "docker.io/library/nats:local";
/** How commands reach the cluster. */
export const ENV = { KUBECONFIG: process.env.KUBECONFIG ?? "", PATH: process.env.PATH ?? "" };
const ACCOUNTS = 200;

export const kubectl = (args: readonly string[], input?: string): string =>
  execFileSync("kubectl", args, {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    ...(input === undefined ? {} : { input }),
  });

const POLL_MS = 500;
/** Kinds of objects that a run has. */
const KINDS = [
  "Job",
  "Pod",
  "Secret",
  "ConfigMap",
  "Service",
  "Deployment",
  "StatefulSet",
  "NetworkPolicy",
  "Role",
  "RoleBinding",
  "ServiceAccount",
  "PodDisruptionBudget",
] as const;

/** A namespace with Pod Security `restricted` and a shop in it. */
export class Namespace {
  readonly name: string;
  readonly #api: Promise<KubeApi>;

  constructor(name: string) {
    this.name = name;
    this.#api = kubeConfigAccess(ENV, { namespace: name }).then((access) => new KubeApi(access));
    kubectl(["create", "namespace", name]);
    kubectl(["label", "namespace", name, "pod-security.kubernetes.io/enforce=restricted"]);
  }

  run(...args: string[]): string {
    return kubectl(["--namespace", this.name, ...args]);
  }

  apply(text: string): void {
    kubectl(["--namespace", this.name, "apply", "--filename", "-"], text);
  }

  openShop(): void {
    this.apply(`
apiVersion: v1
kind: Service
metadata: { name: shop }
spec: { selector: { app: shop }, ports: [{ port: 4010 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec:
      securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: shop
          image: ${IMAGE}
          imagePullPolicy: Never
          command: [node, /app/dist/shop.js, --host, 0.0.0.0, --port, "4010", --control-port, "4011", --accounts, "${ACCOUNTS}"]
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
          readinessProbe: { httpGet: { path: /products, port: 4010 }, periodSeconds: 1 }
`);
    this.run("rollout", "status", "deployment/shop", "--timeout=60s");
  }

  /** The shop's own record. */
  books(): Books {
    const script =
      'fetch("http://127.0.0.1:4011/books").then((r) => r.text()).then((t) => process.stdout.write(t))';
    return JSON.parse(this.run("exec", "deployment/shop", "--", "node", "-e", script)) as Books;
  }

  /** A project against the shop of this namespace. */
  project(load: string, kubernetes = "startTimeout: 120s", more: object = {}): Promise<ProjectFolder> {
    return ProjectFolder.create(
      shopping("http://shop:4010", {
        ...more,
        load,
        accounts: ACCOUNTS,
        more: `runtime: kubernetes
compose: { agentsPerContainer: 10 }
kubernetes: { namespace: ${this.name}, image: "${IMAGE}", natsImage: "${NATS_IMAGE}", imagePullPolicy: Never, ${kubernetes} }
`,
      }),
    );
  }

  /** Waits for something in the cluster; it is looked at through the API, because each start of a program takes CPU. */
  async until(holds: (api: KubeApi) => Promise<boolean>, limitMs = 90_000): Promise<void> {
    const api = await this.#api;
    await eventually(() => holds(api), limitMs, POLL_MS);
  }

  /** Names of the pods of a role. */
  async pods(role: string): Promise<string[]> {
    const pods = await (await this.#api).list("Pod", { "ape.role": role });
    return pods.map(({ metadata }) => metadata.name);
  }

  /** Resolves when all pods of a role are ready. */
  async ready(role: string): Promise<void> {
    await this.until(async (api) => {
      const pods = (await api.list("Pod", { "ape.role": role })).map(podState);
      return pods.length > 0 && pods.every(({ isReady, isLeaving }) => isReady && !isLeaving);
    });
  }

  /** Resolves when no object of a run is left. */
  async empty(): Promise<void> {
    await this.until(async (api) => {
      for (const kind of KINDS) if ((await api.list(kind, NAME_LABEL)).length > 0) return false;
      return true;
    });
  }

  /** Resolves when the newest run has so many active agents. */
  async active(agents: number): Promise<void> {
    await this.reports(new RegExp(`"agentsActive":${agents},`));
  }

  /** Resolves when the last progress of the newest run is like this. */
  async reports(progress: RegExp): Promise<void> {
    await this.until(async (api) => {
      const engines = await api.list("Pod", { "ape.role": "engine" });
      const made = ({ metadata }: KubeObject): string => metadata.creationTimestamp ?? "";
      const [newest] = engines.sort((a, b) => (made(a) < made(b) ? 1 : -1));
      if (newest === undefined || podState(newest).phase !== "Running") return false;
      let last = "";
      try {
        for await (const line of api.log(newest.metadata.name, { tailLines: 3 }))
          if (line.startsWith('{"type":"progress"')) last = line;
      } catch {
        // Its container has not begun.
      }
      return progress.test(last);
    }, 120_000);
  }

  /** As the drain of a node does. */
  evict(pod: string): void {
    const metadata = { name: pod, namespace: this.name };
    const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata };
    const path = `/api/v1/namespaces/${this.name}/pods/${pod}/eviction`;
    kubectl(["create", "--raw", path, "--filename", "-"], JSON.stringify(eviction));
  }

  /** Whether the drain of a node has to wait for a pod; if not, the pod is evicted. */
  refusesEviction(pod: string): boolean {
    try {
      this.evict(pod);
      return false;
    } catch (thrown) {
      return /disruption budget/.test(String((thrown as { stderr?: unknown }).stderr));
    }
  }

  delete(pod: string, ...how: string[]): void {
    this.run("delete", "pod", pod, "--wait=false", ...how);
  }
}
