import { constants } from "node:fs";
import { access, statfs } from "node:fs/promises";
import { availableParallelism, freemem } from "node:os";
import { join } from "node:path";
import { CONFIG_NAMES } from "@ape/engine/project";
import type { Io } from "../io.ts";
import type { Verb } from "../program.ts";
import { colours } from "../text/style.ts";

const GIB = 1024 ** 3;
const WANTED_FILES = 4_096;

interface Finding {
  name: string;
  ok: boolean;
  message: string;
}

export const doctorVerb: Verb = (program, { io, exit }) => {
  program
    .command("doctor")
    .description("Look at this machine: Node, cores, memory, open files, disk, configuration.")
    .option("--json", "as JSON")
    .action(async ({ json }: { json?: boolean }) => {
      const findings = await examine(io);
      const style = colours(io.out, io.env);
      if (json === true) io.out.write(`${JSON.stringify(findings)}\n`);
      else
        for (const { name, ok, message } of findings)
          io.out.write(`${ok ? style.tick : style.cross} ${name}: ${message}\n`);
      exit(findings.every(({ ok }) => ok) ? "ok" : "config");
    });
};

async function examine(io: Io): Promise<Finding[]> {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const cores = availableParallelism();
  const memory = freemem() / GIB;
  const disk = await statfs(io.cwd);
  const free = (disk.bavail * disk.bsize) / GIB;
  const files = openFiles();
  const writable = await access(io.cwd, constants.W_OK).then(
    () => true,
    () => false,
  );
  const found = await Promise.all(
    CONFIG_NAMES.map((name) =>
      access(join(io.cwd, name)).then(
        () => name,
        () => undefined,
      ),
    ),
  );
  const config = found.find((name) => name !== undefined);
  return [
    {
      name: "node",
      ok: major > 20 || (major === 20 && minor >= 19),
      message: `${process.versions.node} (20.19 or newer is needed)`,
    },
    { name: "cores", ok: true, message: `${cores}; by default ${Math.max(1, cores - 1)} of them run agents` },
    { name: "memory", ok: memory > 0.5, message: `${memory.toFixed(1)} GiB free` },
    { name: "disk", ok: free > 1, message: `${free.toFixed(1)} GiB free in ${io.cwd}` },
    {
      name: "folder",
      ok: writable,
      message: writable ? "runs can be written here" : "runs cannot be written here",
    },
    {
      name: "open files",
      ok: files === undefined || files >= WANTED_FILES,
      message:
        files === undefined
          ? "no limit known"
          : `at most ${files}${files < WANTED_FILES ? `; raise it with \`ulimit -n ${WANTED_FILES}\`` : ""}`,
    },
    {
      name: "configuration",
      ok: true,
      message:
        config === undefined
          ? "none here; see one with `ape-test demo`"
          : `${config}; look into it with \`ape-test validate\``,
    },
  ];
}

/** The soft limit of open files; undefined where the system does not tell. */
function openFiles(): number | undefined {
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: number | string } } };
  const soft = report.userLimits?.open_files?.soft;
  return typeof soft === "number" ? soft : undefined;
}
