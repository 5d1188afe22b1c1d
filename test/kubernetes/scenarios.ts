/** Runs inside a cluster: `tsx scenarios.ts NAME...` prints `RESULT NAME JSON` for each scenario, in any order. */
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Event } from "@ape/core/protocol/events";
import type { Summary } from "@ape/core/report/summary";
import type { Books } from "@ape/shop/books";
import type { Finished, ProjectFolder } from "../e2e/ape.ts";
import { cutSessions } from "../e2e/cut-sessions.ts";
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
/**
 * Agrees the verdicts and calls of a run with the shop's books. A session that a kill has cut off has no verdict, and its
 * last call, of which the run has the intent, may have reached the goal: `onlyShop` is without these.
 */
function compare(events: readonly Event[], books: Books) {
  const { onlyApe, onlyShop } = reconcile(events, books);
  const { traces, unexplained } = cutSessions(events);
  return {
    onlyApe,
    onlyShop: onlyShop.filter((trace) => !traces.has(trace)),
    unaccounted: unaccounted(events, books),
    unexplained,
    shared: books.sharedCredentials,
  };
}

const sessionsOf = (summary: Summary | undefined) => {
  const { started, ended, succeeded, interrupted } = summary?.sessions ?? {};
  return { started, ended, succeeded, interrupted };
};

/** Folder of the node for the messages of NATS: everyone may write to it. */
const VOLUME = "/var/tmp/ape-test-nats";
const FOREVER = "{ agents: 40, duration: 10m, thinkTime: { constant: 200ms } }";

const SCENARIOS: Record<string, () => Promise<object>> = {
  /**
   * The generated file passes a strict dry run on the server, without warnings about its pods; a pod of `doctor` looks around
   * in a namespace that has no shop.
   */
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
    const doctor = await folder.start(["doctor", "--json"], ENV).finished;
    await place.empty();
    return {
      lines: output.trim().split("\n"),
      findings: JSON.parse(doctor.stdout) as { name: string; ok: boolean }[],
    };
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
      await place.empty();
      return { exit, stderr };
    };
    const quota = (place: Namespace): void =>
      place.apply(
        "apiVersion: v1\nkind: ResourceQuota\nmetadata: { name: few }\nspec: { hard: { pods: 6 } }\n",
      );
    const [image, few] = await Promise.all([
      tried(
        "noimage",
        "startTimeout: 8s, patches: { gateway: { containers: [{ name: gateway, image: 'docker.io/library/none:1' }] } }",
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
    await place.active(40);
    const scale = (agents: number) => folder.start(["scale", "--agents", String(agents)], ENV).finished;
    await scale(80);
    await place.active(80);
    const many = (await place.pods("agents")).length;
    await scale(20);
    await place.until(async () => (await place.pods("agents")).length === 2);
    await place.active(20);
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
    await place.active(40);
    const force = ["--force", "--grace-period=0"];
    const [evicted = "", killed = "", deleted = ""] = await place.pods("agents");
    place.evict(evicted);
    place.delete(killed, ...force);
    place.delete(deleted);
    const lost = [evicted, killed, deleted];
    const needed = ["gateway", "inference", "engine", "nats"].map((role) => place.pods(role));
    const held = (await Promise.all(needed)).flat().every((pod) => place.refusesEviction(pod));
    await place.until(
      async () => (await place.pods("agents")).filter((pod) => !lost.includes(pod)).length === 4,
    );
    for (const how of [[], force])
      for (const roles of [["gateway", "inference"], ["engine"]]) {
        const pods = (await Promise.all(roles.map((role) => place.pods(role)))).flat();
        for (const pod of pods) place.delete(pod, ...how);
        for (const role of roles)
          await place.until(async () => (await place.pods(role)).some((other) => !pods.includes(other)));
        if (!roles.includes("engine")) await Promise.all(roles.map((role) => place.ready(role)));
        await place.active(40);
      }
    await folder.start(["stop"], ENV).finished;
    const { exit, summary, events, stderr } = await resultOf(folder, await running.finished);
    const { attribution } = summary ?? {};
    return {
      exit,
      stderr,
      held,
      attribution,
      sessions: sessionsOf(summary),
      ...compare(events, place.books()),
    };
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
  accessModes: [ReadWriteOncePod]
  storageClassName: manual
  local: { path: ${VOLUME} }
  nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: kubernetes.io/os, operator: Exists }] }] } }
`,
    );
    const place = new Namespace("bus");
    place.openShop();
    const lose = async (...how: string[]): Promise<void> => {
      await place.active(40);
      await place.reports(/"sessions":\{"started":\d+,"ended":[1-9]/);
      const [pod = ""] = await place.pods("nats");
      place.delete(pod, ...how);
    };
    const begun = async (kubernetes: string) => {
      const folder = await place.project(FOREVER, kubernetes);
      return { folder, running: start(folder) };
    };
    const kept = await begun("startTimeout: 120s, storage: 1Gi, storageClass: manual");
    for (const how of [[], ["--force", "--grace-period=0"]]) {
      await lose(...how);
      await place.ready("nats");
    }
    await place.active(40);
    await kept.folder.start(["stop"], ENV).finished;
    const outage = await resultOf(kept.folder, await kept.running.finished);
    const agreed = compare(outage.events, place.books());
    await kept.folder.start(["clean", "--yes"], ENV).finished;
    await place.until(async () => (await place.pods("nats")).length === 0);
    const lost = await begun("startTimeout: 120s");
    await lose();
    const crash = await resultOf(lost.folder, await lost.running.finished);
    return {
      outage: {
        exit: outage.exit,
        sessions: sessionsOf(outage.summary),
        reason: outage.summary?.run.reason,
        ...agreed,
      },
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
    await place.empty();
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
    await place.empty();
    return { linted, fetched: fetched.exit, sessions: sessionsOf(summary) };
  },

  /** Files beyond one ConfigMap, two gateways and proxies, and figures of all sessions with the events of some. */
  large: async () => {
    const place = new Namespace("large");
    place.openShop();
    const folder = await place.project(
      "{ agents: 40, sessions: 120 }",
      "startTimeout: 120s, replicas: { gateway: 2, inference: 2 }",
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

  /** The suite of live figures, with the engine in the process of the test. */
  live: async () => {
    const child = spawn("npx", ["vitest", "run", "test/kubernetes/live.test.ts"], {
      env: { ...process.env, APE_TEST_INSIDE_CLUSTER: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString("utf8");
      });
    const exit = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { exit, output };
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

/** Scenarios at once: while one waits for pods, another one runs. */
const LANES = 2;
const names = process.argv.slice(2);

async function runOne(name: string): Promise<void> {
  const began = performance.now();
  const result = await (
    SCENARIOS[name]?.() ?? Promise.reject(new Error(`there is no scenario ${name}`))
  ).catch((thrown: unknown) => ({ failed: String(thrown instanceof Error ? thrown.stack : thrown) }));
  process.stderr.write(`${name}: ${Math.round((performance.now() - began) / 1_000)} s\n`);
  process.stdout.write(`RESULT ${name} ${JSON.stringify(result)}\n`);
}

await Promise.all(
  Array.from({ length: LANES }, async () => {
    for (let name = names.shift(); name !== undefined; name = names.shift()) await runOne(name);
  }),
);
process.exit(0);
