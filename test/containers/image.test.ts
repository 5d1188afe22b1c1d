import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { APE_IMAGE, BASE_IMAGE, buildApeImage, whyNoEngine } from "./images.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const run = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
const tsx = join(ROOT, "node_modules/.bin/tsx");
const { version } = JSON.parse(readFileSync(join(ROOT, "packages/cli/package.json"), "utf8")) as {
  version: string;
};
const missing = whyNoEngine();

interface Step {
  uses?: string;
  run?: string;
  name?: string;
}

test("the workflow's own commands are those that run here, and the push comes last", () => {
  const text = readFileSync(join(ROOT, ".github/workflows/image.yml"), "utf8");
  const { jobs } = parse(text) as { jobs: { image: { steps: Step[] } } };
  const { steps } = jobs.image;
  const own = steps.flatMap(({ run: command }) => (command === undefined ? [] : [command]));
  expect(own.slice(0, 2)).toEqual(["npm ci", "npm run build"]);
  expect(own[2]).toContain("tsx scripts/image.ts tags");
  expect(own[3]).toBe("docker build --tag ape-test:candidate packages/cli/image");
  expect(own[4]).toBe("npx tsx scripts/image.ts smoke ape-test:candidate");
  expect(own).toHaveLength(5);
  expect(steps.at(-1)).toMatchObject({ name: "push", uses: expect.stringContaining("build-push-action") });
});

test("the tags of a release; another tag than the version's is refused", () => {
  const [major, minor] = version.split(".");
  expect(run(tsx, "scripts/image.ts", "tags", "Someone/Ape", `refs/tags/v${version}`).split("\n")).toEqual(
    [version, `${major}.${minor}`, major, "latest"].map((tag) => `ghcr.io/someone/ape:${tag}`),
  );
  expect(() => run(tsx, "scripts/image.ts", "tags", "a/b", "refs/tags/v99.0.0")).toThrow(/not the tag/);
});

describe.skipIf(missing !== undefined)(`image ${missing ?? ""}`, () => {
  test("it is small, has its labels, runs without rights, becomes ready and drains", {
    timeout: 120_000,
  }, () => {
    buildApeImage();
    expect(run(tsx, "scripts/image.ts", "smoke", APE_IMAGE)).toContain("drains");
    const size = (image: string): number => Number(run("docker", "inspect", "--format", "{{.Size}}", image));
    expect((size(APE_IMAGE) - size(BASE_IMAGE)) / 1e6).toBeLessThan(150);
    const { Labels, User } = JSON.parse(
      run("docker", "inspect", "--format", "{{json .Config}}", APE_IMAGE),
    ) as { Labels: Record<string, string>; User: string };
    expect(Labels["org.opencontainers.image.title"]).toBe("APE");
    expect(User).toBe("65532:65532");
  });
});
