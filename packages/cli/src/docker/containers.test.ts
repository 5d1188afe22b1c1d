import { existsSync } from "node:fs";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadProject } from "@ape/engine/project/project";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeDocker } from "../../test/fake-docker.ts";
import { TestFolder } from "../../test/run-directory.ts";
import { testIo } from "../../test/test-io.ts";
import { version } from "../version.ts";
import { prepareContainers, spansTo } from "./containers.ts";

let folder: TestFolder;
beforeEach(async () => {
  folder = await TestFolder.create();
});
afterEach(() => folder.remove());

const IMAGE = `ape-test:${version()}`;
const config = (compose = "{}"): string => `version: 1
targets: { app: { baseUrl: "http://127.0.0.1:1" } }
goals:
  - { name: look, prompt: Look around., success: [{ action: { operation: GET / } }], budget: { steps: 2, time: 5s, tokens: auto } }
inference: { provider: simulated }
load: { agents: 3, duration: 1s }
compose: ${compose}
`;

interface Prepared {
  told: string[];
  said: string;
  launcher: unknown;
}

/** What preparing a run tells Docker and the user. */
async function prepared(
  answers: Record<string, string>,
  options: { compose?: string; env?: Record<string, string>; quiet?: boolean } = {},
): Promise<Prepared> {
  await folder.write("ape.config.yaml", config(options.compose));
  const docker = await FakeDocker.create(folder.path, answers);
  const io = testIo({ cwd: folder.path, env: { ...docker.env, ...options.env } });
  const project = await loadProject({ cwd: folder.path, environment: io.env });
  const launcher = await prepareContainers(io, project, { quiet: options.quiet ?? false });
  return { told: await docker.told(), said: io.stderr(), launcher };
}

test("spans go to the port of the store, in the profile that has one", () => {
  expect(spansTo({ env: {} }, "full")).toEqual(["otlp-traces=http://127.0.0.1:4318"]);
  expect(spansTo({ env: { APE_OTLP_PORT: "5000" } }, "full")).toEqual(["otlp-traces=http://127.0.0.1:5000"]);
  expect(spansTo({ env: { APE_OTLP_PORT: "5000" } }, "metrics")).toEqual([]);
  expect(spansTo({ env: {} }, "none")).toEqual([]);
});

test("an image that is there is not built; the files are written, and the size is said", async () => {
  const { told, said, launcher } = await prepared({ "image inspect *": "[]" });
  expect(told).toEqual([`image inspect ${IMAGE}`]);
  expect(said).not.toContain("building");
  expect(said).toMatch(/^3 agents in 1 container of up to \d+ MiB, .* at most\n$/);
  expect(launcher).toBeTypeOf("function");
  expect(existsSync(join(folder.path, "ape.docker-compose.yml"))).toBe(true);
  expect(existsSync(join(folder.path, "ape.docker-compose.override.yml"))).toBe(true);
});

test("only files that are missing or changed are written, and what the user may change is kept", async () => {
  await prepared({ "image inspect *": "[]" });
  const own = join(folder.path, "ape.docker-compose.override.yml");
  const made = join(folder.path, "ape.docker-compose.yml");
  const text = await readFile(made, "utf8");
  await writeFile(own, "services: {}\n");
  const { mtimeMs } = await stat(made);
  const env = { PATH: join(folder.path, "fake-docker"), APE_IMAGE: "own:1" };
  const again = async (): Promise<void> => {
    const project = await loadProject({ cwd: folder.path, environment: env });
    await prepareContainers(testIo({ cwd: folder.path, env }), project, { quiet: true });
  };
  await again();
  expect((await stat(made)).mtimeMs).toBe(mtimeMs);
  await writeFile(made, text.slice(0, text.indexOf("\n") + 1));
  await again();
  expect(await readFile(made, "utf8")).toBe(text);
  expect(await readFile(own, "utf8")).toBe("services: {}\n");
});

test("an image that is missing is built, with a label by which `clean` knows it", async () => {
  const { told, said } = await prepared({ "build *": "" });
  expect(told[0]).toBe(`image inspect ${IMAGE}`);
  expect(told[1]).toMatch(
    new RegExp(
      `^build --build-arg VERSION=${version()} --label \\S+=\\S+ --tag ${IMAGE} \\S+/packages/cli/image$`,
    ),
  );
  expect(told).toHaveLength(2);
  expect(said).toContain(`building the image ${IMAGE}\n`);
});

test.each([
  [{ env: { APE_IMAGE: "own:1" } }, "own:1"],
  [{ compose: '{ image: "registry.example/ape:2" }' }, "registry.example/ape:2"],
  [{ compose: '{ image: "registry.example/ape:2" }', env: { APE_IMAGE: "own:1" } }, "own:1"],
])("a named image is never built: %j", async (options, image) => {
  expect((await prepared({}, options)).told).toEqual([`image inspect ${image}`]);
});

test("nothing is said where quiet is wanted", async () => {
  expect((await prepared({ "build *": "" }, { quiet: true })).said).toBe("");
});

test("a build that fails is an error with the words of Docker", async () => {
  await expect(prepared({ "build *": FakeDocker.failing("no space left") })).rejects.toMatchObject({
    code: "CONTAINERS_FAILED",
  });
});

test("a run that continues prepares nothing", async () => {
  await folder.write("ape.config.yaml", config());
  const docker = await FakeDocker.create(folder.path, {});
  const io = testIo({ cwd: folder.path, env: docker.env });
  const project = await loadProject({ cwd: folder.path, environment: io.env });
  const before = await readFile(join(folder.path, "ape.config.yaml"), "utf8");
  const resume = { image: "old:1" } as Parameters<typeof prepareContainers>[2]["resume"];
  const open = await prepareContainers(io, project, { quiet: false, resume });
  expect(open).toBeTypeOf("function");
  expect(await docker.told()).toEqual([]);
  expect(io.stderr()).toBe("");
  expect(existsSync(join(folder.path, "ape.docker-compose.yml"))).toBe(false);
  expect(await readFile(join(folder.path, "ape.config.yaml"), "utf8")).toBe(before);
});
