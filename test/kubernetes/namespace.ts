import { execFileSync } from "node:child_process";
import type { Books } from "@ape/shop/books";
import { ProjectFolder } from "../e2e/ape.ts";
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

/** A namespace with Pod Security `restricted` and a shop in it. */
export class Namespace {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
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
  project(load: string, kubernetes = "startTimeout: 60s", more: object = {}): Promise<ProjectFolder> {
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

  /** Names of the pods of a role. */
  pods(role: string): string[] {
    const text = this.run("get", "pods", `--selector=ape.role=${role}`, "--output=name");
    return text.split("\n").filter((line) => line !== "");
  }

  /** As the drain of a node does. */
  evict(pod: string): void {
    const name = pod.replace("pod/", "");
    const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace: this.name } };
    const path = `/api/v1/namespaces/${this.name}/pods/${name}/eviction`;
    kubectl(["create", "--raw", path, "--filename", "-"], JSON.stringify(eviction));
  }

  delete(pod: string, ...how: string[]): void {
    this.run("delete", pod, "--wait=false", ...how);
  }
}
