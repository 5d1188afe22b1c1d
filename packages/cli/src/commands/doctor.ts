import { ApeError, messageOf } from "@ape/core/lib/errors";
import { loadProject, type Project } from "@ape/engine/project/project";
import { loadKeys, sharedQuota } from "@ape/inference/limits/key-ring";
import { isSimulated, PROVIDERS } from "@ape/inference/providers/provider-list";
import { Option } from "commander";
import { modelProject } from "../evaluation/evaluation-project.ts";
import { type ModelOptions, withModelOptions } from "../evaluation/model-options.ts";
import { withExamples } from "../examples.ts";
import type { Io } from "../io.ts";
import { withRuntime } from "../kubernetes/cluster-option.ts";
import { judgeCluster } from "../kubernetes/doctor-cluster.ts";
import { inspectMachine, type Machine } from "../machine-info.ts";
import { printable } from "../output/printable.ts";
import { colours } from "../output/style.ts";
import { PATHS } from "../paths.ts";
import { judgeClock, judgeContainers, judgeLoad, judgeModel, judgePorts } from "../setup/doctor-checks.ts";
import type { DoctorFinding } from "../setup/doctor-finding.ts";
import { tryModel } from "../setup/model-findings.ts";
import { judgeAddresses } from "../setup/reachable.ts";
import type { CommandDefinition } from "./command.ts";

interface DoctorOptions extends ModelOptions {
  json?: boolean;
  model?: boolean | string;
  runtime?: string;
  pod: boolean;
  reach?: string[];
}

const GIB = 1024 ** 3;
const WANTED_FILES = 4_096;
export const doctorVerb: CommandDefinition = (command, { io, exit }) => {
  withModelOptions(withRuntime(command))
    .option(
      "--model [name]",
      "make one call of a tool against the configured model, or the named one, and say what it takes",
    )
    .option(
      "--no-pod",
      "on Kubernetes: make no pod that looks from there, for a moment, at image, DNS and targets",
    )
    // What that pod runs.
    .addOption(new Option("--reach <address...>", "only whether addresses are reached, as JSON").hideHelp())
    .option("--json", "as JSON")
    .action(async (options: DoctorOptions) => {
      const { json, model, runtime, pod, reach } = options;
      if (reach !== undefined) {
        io.out.write(`${JSON.stringify(await judgeAddresses(reach))}\n`);
        return;
      }
      const machine = await inspectMachine(io.cwd);
      const { findings: own, project } = await judgeProject(io);
      const findings =
        model !== undefined || options.provider !== undefined || options.baseUrl !== undefined
          ? await judgeCalls(io, options, own, project)
          : [
              ...judgeMachine(machine, io.cwd),
              ...(await judgeContainers(io, project?.config.runtime === "compose")),
              ...own,
              ...(project !== undefined && (runtime ?? project.config.runtime) === "kubernetes"
                ? await judgeCluster(io, project, pod)
                : []),
              ...(project === undefined
                ? []
                : [
                    ...judgeLoad(project.config, machine),
                    ...(project.config.runtime === "compose" ? [await judgePorts(project)] : []),
                    ...(await judgeClock(project.config)),
                    await judgeModel(project),
                  ]),
            ];
      const style = colours(io.out, io.env);
      if (json === true) io.out.write(`${JSON.stringify(findings)}\n`);
      else
        for (const { name, ok, message } of findings)
          io.out.write(`${ok ? style.tick : style.cross} ${name}: ${printable(message)}\n`);
      exit(findings.every(({ ok }) => ok) ? "ok" : "config");
    });
  withExamples(
    command,
    "ape-test doctor",
    "ape-test doctor --model",
    "ape-test doctor --base-url http://127.0.0.1:8080/v1 --model local",
    "ape-test doctor --runtime kubernetes",
    "ape-test doctor --json",
  );
};

/** What a call of the model shows; only the configuration's findings if no call can be made. */
async function judgeCalls(
  io: Io,
  options: DoctorOptions,
  own: readonly DoctorFinding[],
  project: Project | undefined,
): Promise<DoctorFinding[]> {
  const { provider, baseUrl, model, keyVariable: key } = options;
  const named = typeof model === "string" ? model : undefined;
  const isNamed = provider !== undefined || baseUrl !== undefined || named !== undefined;
  if (project === undefined && !isNamed) {
    const configuration = own.filter(({ name }) => name === "configuration");
    return configuration.map(({ name, message }) => ({
      name,
      ok: false,
      message: `${message}; a model can be named instead: \`ape-test doctor --base-url URL --model NAME\``,
    }));
  }
  try {
    return await tryModel(
      project !== undefined && !isNamed
        ? project
        : await modelProject(
            { provider, baseUrl, model: named, key },
            { directory: PATHS.evaluation, cwd: io.cwd, environment: io.env },
          ),
    );
  } catch (thrown) {
    if (!(thrown instanceof ApeError)) throw thrown;
    const hint = thrown.hint === undefined ? "" : `; ${thrown.hint}`;
    return [{ name: "model call", ok: false, message: `${messageOf(thrown)}${hint}` }];
  }
}

/** What a machine lacks for load tests. */
export function judgeMachine(machine: Machine, folder: string): DoctorFinding[] {
  const [major = 0, minor = 0] = machine.node.split(".").map(Number);
  const memory = machine.freeMemoryBytes / GIB;
  const disk = machine.freeDiskBytes / GIB;
  const files = machine.openFiles;
  const few = files !== undefined && files < WANTED_FILES;
  return [
    {
      name: "node",
      ok: major > 20 || (major === 20 && minor >= 19),
      message: `${machine.node} (20.19 or newer is needed)`,
    },
    {
      name: "cores",
      ok: true,
      message: `${machine.cores}; by default ${Math.max(1, machine.cores - 1)} of them run agents`,
    },
    { name: "memory", ok: memory > 0.5, message: `${memory.toFixed(1)} GiB free` },
    { name: "disk", ok: disk > 1, message: `${disk.toFixed(1)} GiB free in ${folder}` },
    {
      name: "folder",
      ok: machine.writable,
      message: machine.writable ? "runs can be written here" : "runs cannot be written here",
    },
    {
      name: "open files",
      ok: !few,
      message:
        files === undefined
          ? "no limit known"
          : `at most ${files}${few ? `; raise it with \`ulimit -n ${WANTED_FILES}\`` : ""}`,
    },
    {
      name: "ports",
      ok: machine.loopback === true,
      message:
        machine.loopback === true
          ? "servers can be opened on loopback"
          : `no server can be opened on loopback: ${machine.loopback}`,
    },
  ];
}

/** The configuration of this folder, if there is one, and which provider keys are set; never their values. */
async function judgeProject(io: Io): Promise<{ findings: DoctorFinding[]; project: Project | undefined }> {
  let project: Project | undefined;
  let environment = io.env;
  let configuration: Omit<DoctorFinding, "name">;
  let shared: string | undefined;
  try {
    project = await loadProject({ cwd: io.cwd, environment: io.env });
    environment = project.environment;
    if (!isSimulated(project.config.inference.provider))
      shared = sharedQuota(await loadKeys(project.config.inference, project.directory));
    configuration = {
      ok: true,
      message: `${project.configFile} follows the schema; look further with \`ape-test validate\``,
    };
  } catch (thrown) {
    if (!(thrown instanceof ApeError)) throw thrown;
    configuration =
      thrown.code === "CONFIG_NOT_FOUND"
        ? { ok: true, message: "none here; see one with `ape-test demo`" }
        : { ok: false, message: [messageOf(thrown), ...thrown.details].join("; ") };
  }
  const keys = Object.values(PROVIDERS).flatMap(({ keyVariable }) =>
    keyVariable === undefined ? [] : [`${keyVariable} ${environment[keyVariable] ? "is set" : "is not set"}`],
  );
  const findings = [
    { name: "configuration", ...configuration },
    {
      name: "keys",
      ok: true,
      message: `${keys.join(", ")} (the simulated model needs none)${shared === undefined ? "" : `; ${shared}`}`,
    },
  ];
  return { findings, project };
}
