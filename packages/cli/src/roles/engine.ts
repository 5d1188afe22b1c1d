import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BusAccess } from "@ape/core/config/runtime/bus";
import { ApeError, EXIT, type ExitName, exitWith } from "@ape/core/lib/errors";
import type { Summary } from "@ape/core/report/summary";
import { busAccessOf } from "@ape/engine/bus/bus-access";
import { fetchRun } from "@ape/engine/bus/run-archive";
import { podAccess } from "@ape/engine/launch/kubernetes/kube-access";
import { KubeApi } from "@ape/engine/launch/kubernetes/kube-api";
import { KubernetesLauncher } from "@ape/engine/launch/kubernetes/kubernetes-launcher";
import { followOrders } from "@ape/engine/launch/kubernetes/run-orders";
import type { RunState } from "@ape/engine/launch/launcher";
import { loadProject, type Project, type RunOverrides } from "@ape/engine/project/project";
import type { RunHandle } from "@ape/engine/run/progress";
import { startRun } from "@ape/engine/run/run";
import type { RunOptions } from "@ape/engine/run/run-options";
import { createRunDirectory, readSummary, writeManifest } from "@ape/engine/store/run-directory";
import type { Io } from "../io.ts";
import { PATHS } from "../paths.ts";
import { runAndReport } from "../run-and-report.ts";
import { version } from "../version.ts";
import { neededVariable } from "./role-io.ts";

/**
 * Runs the engine of a run on Kubernetes, in its pod: the run's other objects exist already. Progress and results are
 * lines of JSON on stdout, which `ape-test start` and `status` read from the pod's log. Settings come from the environment:
 * APE_RUN, APE_TOKEN, APE_BUS, APE_GATEWAY, APE_RESULTS (folder of the run's folder) and APE_OVERRIDES (JSON).
 * @returns the run's verdict
 * @throws ApeError ENV_MISSING, CONTAINERS_FAILED and what keeps a run from starting
 */
export async function serveEngine(io: Io): Promise<ExitName> {
  const need = (name: string): string =>
    neededVariable(
      io,
      name,
      "The engine is started by `ape-test start --runtime kubernetes`, which sets it.",
    );
  const run = need("APE_RUN");
  const bus = busAccessOf(io.env) ?? { url: need("APE_BUS") };
  const project = await loadProject({
    cwd: io.cwd,
    environment: io.env,
    home: need("APE_RESULTS"),
    overrides: JSON.parse(io.env.APE_OVERRIDES ?? "{}") as RunOverrides,
  });
  const api = new KubeApi(await podAccess(io.env), {
    isPatient: true,
    onAway: (message) => io.err.write(`${message}\n`),
  });
  const launcher = new KubernetesLauncher(project, {
    api,
    run,
    token: need("APE_TOKEN"),
    bus,
    gateway: need("APE_GATEWAY"),
    tell: (line) => io.err.write(`${line}\n`),
  });
  // Whoever ends this pod does not end the run: another one continues it. Orders to end it come from its ConfigMap.
  const unsubscribe = io.onInterrupt(() => io.leave(EXIT.drained));
  const early = new AbortController();
  let begun: RunHandle | undefined;
  const unfollow = followOrders(api, run, { run: () => begun, cancel: () => early.abort() });
  const begin = async (): Promise<RunHandle> => {
    const { signal } = early;
    const state = await launcher.prepare(signal);
    begun = await startRun(project, {
      id: run,
      ...(state === undefined ? {} : { continues: await continuation(project, run, state) }),
      workerEntry: PATHS.agents,
      pageFolder: PATHS.page,
      launcher: () => launcher,
      version: version(),
      signal,
      onWarning: (message) => io.err.write(`warning: ${message}\n`),
    });
    begun.finished.then(unfollow, unfollow);
    return begun;
  };
  try {
    const { exit } = await runAndReport(
      begin,
      { ...io, onInterrupt: () => () => undefined },
      { json: "stream" },
    );
    return exit;
  } catch (thrown) {
    // The engine before this one was gone before its own exit code was seen.
    const verdict =
      thrown instanceof ApeError && thrown.code === "RUN_NOT_ACTIVE"
        ? await storedVerdict(bus, run)
        : undefined;
    if (verdict === undefined) throw thrown;
    io.out.write(`${JSON.stringify({ type: "summary", ...verdict })}\n`);
    return exitWith(verdict.run.exitCode) ?? "crashed";
  } finally {
    unfollow();
    await launcher.close();
    unsubscribe();
  }
}

/** The summary of a run that has ended, from the object store of its message bus; undefined if it has none. */
async function storedVerdict(bus: BusAccess, run: string): Promise<Summary | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "ape-ended-"));
  try {
    await fetchRun({ ...bus, run }, folder);
    return await readSummary(folder);
  } catch {
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The folder of a run that an engine before this one has begun: its events come again from the message bus. */
async function continuation(
  { home }: Project,
  run: string,
  { manifest, ...resume }: RunState,
): Promise<NonNullable<RunOptions["continues"]>> {
  const directory = await createRunDirectory(home, run);
  await writeManifest(directory, manifest);
  return { directory, resume, isFolderNew: true };
}
