import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { findComposeResources, removeComposeResources } from "@ape/engine/launch/compose-resources";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { whyNoEngine } from "./images.ts";

const missing = whyNoEngine();
const docker = (...args: string[]): string =>
  execFileSync("docker", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();

describe.skipIf(missing !== undefined)(`clean ${missing ?? ""}`, () => {
  let folder = "";
  let name = "";
  const projects = (): string[] => [name, `${name}-other`];

  /** A container that was never started, a network, a volume and an image of a project. */
  function furnish(project: string): void {
    const label = `com.docker.compose.project=${project}`;
    execFileSync("tar", ["-C", folder, "-cf", join(folder, "empty.tar"), "--files-from", "/dev/null"]);
    docker(
      "import",
      "-c",
      `LABEL ${label}`,
      "-c",
      'CMD ["/none"]',
      join(folder, "empty.tar"),
      `${project}:e2e`,
    );
    docker("network", "create", "--label", label, project);
    docker("volume", "create", "--label", label, project);
    docker("container", "create", "--name", project, "--label", label, "--volume", "/data", `${project}:e2e`);
  }

  const countsOf = async (project: string): Promise<number[]> =>
    Object.values(await findComposeResources(project, process.env)).map((things) => things.length);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ape-clean-"));
    name = basename(folder).toLowerCase();
  });
  afterEach(async () => {
    for (const project of projects())
      await removeComposeResources(await findComposeResources(project, process.env), process.env);
    rmSync(folder, { recursive: true });
  });

  test("one project's things go, another's stay", async () => {
    for (const project of projects()) furnish(project);
    const own = docker("container", "inspect", "--format", "{{range .Mounts}}{{.Name}}{{end}}", name);
    expect(await countsOf(name)).toEqual([1, 1, 1, 1]);
    expect(await removeComposeResources(await findComposeResources(name, process.env), process.env)).toEqual(
      [],
    );
    expect(await countsOf(name)).toEqual([0, 0, 0, 0]);
    expect(await countsOf(`${name}-other`)).toEqual([1, 1, 1, 1]);
    // The volume that the container had made for itself.
    expect(docker("volume", "ls", "--quiet").split("\n")).not.toContain(own);
  });

  test("an image that a container of another project uses stays", async () => {
    const [one = "", other = ""] = projects();
    furnish(one);
    docker(
      "container",
      "create",
      "--name",
      `${other}-1`,
      "--label",
      `com.docker.compose.project=${other}`,
      `${one}:e2e`,
    );
    const staying = await removeComposeResources(await findComposeResources(one, process.env), process.env);
    expect(staying.map(({ shown }) => shown)).toEqual([`${one}:e2e`]);
    expect(await countsOf(one)).toEqual([0, 0, 0, 1]);
    await removeComposeResources(await findComposeResources(other, process.env), process.env);
  });
});
