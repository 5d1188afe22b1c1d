/** Runs inside a cluster: `tsx scenarios.ts NAME...` prints `RESULT NAME JSON` for each scenario, in any order. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Event } from "@ape/core/protocol/events";
import type { Summary } from "@ape/core/report/summary";
import type { Books } from "@ape/shop/books";
import { eventually, type Finished, type ProjectFolder } from "../e2e/ape.ts";
import { unaccounted } from "../e2e/unaccounted.ts";
import { reconcile } from "../reconcile.ts";
import { ENV, kubectl, Namespace } from "./namespace.ts";

/** What a command printed and, if its results came back, what they hold. */
async function resultOf(folder: ProjectFolder, { exit, stdout, stderr }: Finished) {
  const summary = stdout.startsWith("{") ? (JSON.parse(stdout) as Summary) : undefined;
  const events: Event[] = summary === undefined ? [] : await folder.events();
  return { exit, stderr, summary, events };
}

const start = (folder: ProjectFolder, ...args: string[]) => folder.start(["start", "--json", ...args], ENV);
/** Resolves when the run has active agents. */
async function active(folder: ProjectFolder, agents: number, run?: string): Promise<void> {
  await eventually(async () => {
    const { stdout } = await folder.start(["status", "--json", ...(run === undefined ? [] : [run])], ENV)
      .finished;
    return stdout.includes(`"agentsActive":${agents},`);
  }, 90_000);
}

/** Agrees the verdicts and calls of a run with the shop's books. */
function compare(events: readonly Event[], books: Books) {
  const { onlyApe, onlyShop } = reconcile(events, books);
  return { onlyApe, onlyShop, unaccounted: unaccounted(events, books), shared: books.sharedCredentials };
}

const sessionsOf = (summary: Summary | undefined) => {
  const { started, ended, succeeded, interrupted } = summary?.sessions ?? {};
  return { started, ended, succeeded, interrupted };
};

const KINDS =
  "jobs,pods,secrets,configmaps,services,deployments,statefulsets,networkpolicies,roles,rolebindings,serviceaccounts,poddisruptionbudgets";
/** Folder of the node for the messages of NATS: everyone may write to it. */
const VOLUME = "/var/tmp/ape-test-nats";
const FOREVER = "{ agents: 40, duration: 10m, thinkTime: { constant: 200ms } }";

const SCENARIOS: Record<string, () => Promise<object>> = {
  /** The generated file passes a strict dry run on the server, without warnings about its pods. */
  generated: async () => {
    const place = new Namespace("generated");
    const folder = await place.project("{ agents: 40, sessions: 1 }");
    await folder.start(["generate", "kubernetes"], ENV).finished;
    const output = execFileSync(
      "sh",
      [
        "-c",
        `kubectl --namespace generated apply --server-side --dry-run=server --validate=strict --filename ${folder.directory}/ape.kubernetes.yaml 2>&1`,
      ],
      { encoding: "utf8" },
    );
    return { lines: output.trim().split("\n") };
  },

  /** 40 agents in 4 pods; their summary is the shop's. */
  books: async () => {
    const place = new Namespace("books");
    place.openShop();
    const folder = await place.project("{ agents: 40, sessions: 120 }");
    const { exit, summary, events, stderr } = await resultOf(folder, await start(folder).finished);
    return {
      exit,
      stderr,
      sessions: sessionsOf(summary),
      runtime: summary?.run.runtime,
      ...compare(events, place.books()),
    };
  },

  /** Starts that cannot succeed say why in the words of Kubernetes, and leave nothing. */
  refused: async () => {
    const tried = async (
      name: string,
      kubernetes: string,
      prepare: (place: Namespace) => void = () => undefined,
    ) => {
      const place = new Namespace(name);
      prepare(place);
      const folder = await place.project("{ agents: 40, duration: 1m }", kubernetes);
      const { exit, stderr } = await start(folder).finished;
      await eventually(
        () => place.run("get", "jobs,pods,secrets,configmaps", "--selector=ape.run", "--output=name") === "",
        60_000,
      );
      return { exit, stderr };
    };
    const quota = (place: Namespace): void =>
      place.apply(
        "apiVersion: v1\nkind: ResourceQuota\nmetadata: { name: few }\nspec: { hard: { pods: 6 } }\n",
      );
    const [image, few] = await Promise.all([
      tried(
        "noimage",
        "startTimeout: 8s, patches: { gateway: { containers: [{ name: gateway, image: 'docker.io/library/none:1', imagePullPolicy: Never, securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } } }] } }",
      ),
      tried("quota", "startTimeout: 20s", quota),
    ]);
    return { image, few };
  },

  /** Without rights, the start ends with the API's refusal. */
  denied: async () => {
    const place = new Namespace("denied");
    place.run("create", "serviceaccount", "nobody");
    const token = place.run("create", "token", "nobody").trim();
    const folder = await place.project("{ agents: 40, duration: 1m }");
    const server = kubectl(["config", "view", "--minify", "--output=jsonpath={.clusters[0].cluster.server}"]);
    writeFileSync(
      join(folder.directory, "kubeconfig"),
      JSON.stringify({
        "current-context": "c",
        clusters: [{ name: "k", cluster: { server, "insecure-skip-tls-verify": true } }],
        users: [{ name: "u", user: { token } }],
        contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
      }),
    );
    const { exit, stderr } = await folder.start(["start"], {
      ...ENV,
      KUBECONFIG: `${folder.directory}/kubeconfig`,
    }).finished;
    return { exit, stderr };
  },

  /** 4 pods, 8, 2: no session is cut off. Two runs at once in a namespace. */
  scaled: async () => {
    const place = new Namespace("scaled");
    place.openShop();
    const folder = await place.project(FOREVER);
    const running = start(folder);
    await active(folder, 40);
    const scale = (agents: number) => folder.start(["scale", "--agents", String(agents)], ENV).finished;
    await scale(80);
    await active(folder, 80);
    const many = place.pods("agents").length;
    await scale(20);
    await eventually(() => place.pods("agents").length === 2, 60_000);
    await active(folder, 20);
    const traced = await folder.start(["trace", "s0-0", "--json"], ENV).finished;
    await folder.start(["stop"], ENV).finished;
    const { exit, summary, events } = await resultOf(folder, await running.finished);
    return {
      exit,
      many,
      traced: traced.stdout.split("\n").length > 3,
      sessions: sessionsOf(summary),
      ...compare(events, place.books()),
    };
  },

  /** Pods of every role are evicted, deleted and killed in mid-run: the run goes on to its end. */
  deleted: async () => {
    const place = new Namespace("deleted");
    place.openShop();
    const folder = await place.project(FOREVER);
    const running = start(folder);
    await active(folder, 40);
    const [drained = "", killed = ""] = place.pods("agents");
    place.evict(drained);
    place.delete(killed, "--force", "--grace-period=0");
    await eventually(
      () => place.pods("agents").filter((pod) => pod !== drained && pod !== killed).length === 4,
      90_000,
    );
    for (const role of ["gateway", "inference", "engine"]) {
      const [pod = ""] = place.pods(role);
      place.delete(pod, ...(role === "engine" ? ["--force", "--grace-period=0"] : []));
      await eventually(() => place.pods(role).some((other) => other !== pod), 90_000);
      await active(folder, 40);
    }
    await folder.start(["stop"], ENV).finished;
    const { exit, summary, events, stderr } = await resultOf(folder, await running.finished);
    return { exit, stderr, sessions: sessionsOf(summary), ...compare(events, place.books()) };
  },

  /** A NATS pod that is replaced with its volume is an outage; without one it ends the run with what was recorded. */
  bus: async () => {
    mkdirSync(VOLUME, { recursive: true });
    chmodSync(VOLUME, 0o777);
    kubectl(
      ["apply", "--filename", "-"],
      `apiVersion: v1
kind: PersistentVolume
metadata: { name: nats }
spec:
  capacity: { storage: 1Gi }
  accessModes: [ReadWriteOnce]
  storageClassName: manual
  hostPath: { path: ${VOLUME} }
`,
    );
    const place = new Namespace("bus");
    place.openShop();
    const moved = async (kubernetes: string) => {
      const folder = await place.project(FOREVER, kubernetes);
      const running = start(folder);
      await active(folder, 40);
      const [pod = ""] = place.pods("nats");
      place.delete(pod);
      return { folder, running };
    };
    const kept = await moved("storage: 1Gi, storageClass: manual");
    await eventually(() => place.run("get", "pods", "--selector=ape.role=nats").includes("1/1"), 60_000);
    await active(kept.folder, 40);
    await kept.folder.start(["stop"], ENV).finished;
    const outage = await resultOf(kept.folder, await kept.running.finished);
    await eventually(async () => {
      await kept.folder.start(["clean", "--yes"], ENV).finished;
      return place.pods("nats").length === 0;
    }, 60_000);
    const lost = await moved("startTimeout: 60s");
    const crash = await resultOf(lost.folder, await lost.running.finished);
    return {
      outage: { exit: outage.exit, sessions: sessionsOf(outage.summary), reason: outage.summary?.run.reason },
      crash: {
        exit: crash.exit,
        stderr: crash.stderr,
        status: crash.summary?.run.status,
        ended: crash.summary?.sessions.ended,
      },
    };
  },

  /** The engine in the process of the command: its results are at once here, and no object stays. */
  local: async () => {
    const place = new Namespace("local");
    place.openShop();
    const folder = await place.project("{ agents: 40, sessions: 120 }");
    const { exit, summary, events, stderr } = await resultOf(
      folder,
      await start(folder, "--engine", "local").finished,
    );
    await eventually(() => place.run("get", KINDS, "--selector=ape.run", "--output=name") === "", 60_000);
    return { exit, stderr, sessions: sessionsOf(summary), ...compare(events, place.books()) };
  },

  /** A chart of the configuration is installed, its run passes, its results come, and nothing of it stays. */
  helm: async () => {
    const place = new Namespace("helm");
    place.openShop();
    const folder = await place.project("{ agents: 20, sessions: 40 }");
    await folder.start(["generate", "helm"], ENV).finished;
    const helm = (...args: string[]): string =>
      execFileSync("helm", [...args, "--namespace", place.name], { encoding: "utf8", cwd: folder.directory });
    const linted = helm("lint", "--strict", "ape.helm");
    helm("install", "evening", "ape.helm", "--set", "imagePullPolicy=Never");
    place.run("wait", "--for=condition=complete", "--timeout=120s", "job/ape-evening-engine");
    const fetched = await folder.start(["fetch", "evening"], ENV).finished;
    const summary = JSON.parse(
      readFileSync(join(folder.directory, ".ape/runs/evening/summary.json"), "utf8"),
    ) as Summary;
    helm("uninstall", "evening", "--wait");
    await eventually(() => place.run("get", KINDS, "--selector=ape.run", "--output=name") === "", 60_000);
    return { linted, fetched: fetched.exit, sessions: sessionsOf(summary) };
  },

  /** Files beyond one ConfigMap, two gateways and proxies, and figures of all sessions with the events of some. */
  large: async () => {
    const place = new Namespace("large");
    place.openShop();
    const folder = await place.project(
      "{ agents: 40, sessions: 120 }",
      "startTimeout: 60s, replicas: { gateway: 2, inference: 2 }",
    );
    const document = join(folder.directory, "openapi.yaml");
    const noise = randomBytes(1_200_000).toString("base64");
    appendFileSync(document, `\n${noise.replaceAll(/.{1,100}/g, "# $&\n")}`);
    appendFileSync(join(folder.directory, "ape.config.yaml"), "events: { send: kept, keep: 0.1 }\n");
    const { exit, summary, stderr } = await resultOf(folder, await start(folder).finished);
    return {
      exit,
      stderr,
      sessions: sessionsOf(summary),
      calls: summary?.metrics.inference_duration?.values.count,
      orders: place.books().orders.length,
    };
  },

  /** A namespace gives containers a CPU limit that they reach: the run says so. */
  limited: async () => {
    const place = new Namespace("limited");
    place.apply(`apiVersion: v1
kind: LimitRange
metadata: { name: small }
spec: { limits: [{ type: Container, default: { cpu: 300m } }] }
`);
    place.openShop();
    const folder = await place.project("{ agents: 40, sessions: 80 }", "startTimeout: 120s");
    const { exit, summary, events } = await resultOf(folder, await start(folder).finished);
    return {
      exit,
      throttledMs: summary?.health.throttledMs,
      marks: events.flatMap((event) =>
        event.type === "log" && /CPU limit/.test(event.message) ? [event.message] : [],
      ),
    };
  },

  /** Two runs at once in one namespace do not touch each other. */
  pair: async () => {
    const place = new Namespace("pair");
    place.openShop();
    const load = "{ agents: 20, sessions: 60 }";
    const folders = [await place.project(load), await place.project(load)];
    const results = await Promise.all(
      folders.map(async (folder) => resultOf(folder, await start(folder).finished)),
    );
    const both = results.flatMap(({ events }) => events);
    return {
      exits: results.map(({ exit }) => exit),
      sessions: results.map(({ summary }) => sessionsOf(summary)),
      succeeded: reconcile(both, place.books()).reached,
    };
  },
};

for (const name of process.argv.slice(2)) {
  const result = await (
    SCENARIOS[name]?.() ?? Promise.reject(new Error(`there is no scenario ${name}`))
  ).catch((thrown: unknown) => ({ failed: String(thrown instanceof Error ? thrown.stack : thrown) }));
  process.stdout.write(`RESULT ${name} ${JSON.stringify(result)}\n`);
}
process.exit(0);
