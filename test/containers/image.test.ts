import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
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
  with?: Record<string, unknown>;
}

const { jobs, permissions } = parse(readFileSync(join(ROOT, ".github/workflows/image.yml"), "utf8")) as {
  jobs: { image: { steps: Step[] } };
  permissions: Record<string, string>;
};
const { steps } = jobs.image;
const CONTEXT = "packages/cli/image";

test("the workflow's own commands are those that run here, and the push comes last", () => {
  const own = steps.flatMap(({ run: command }) => (command === undefined ? [] : [command]));
  expect(own.slice(0, 2)).toEqual(["npm ci", "npm run build"]);
  expect(own[2]).toContain("tsx scripts/image.ts tags");
  expect(own[3]).toMatch(new RegExp(`^docker build .*--tag ape-test:candidate ${CONTEXT}$`));
  expect(own[4]).toBe("npx tsx scripts/image.ts smoke ape-test:candidate");
  expect(own).toHaveLength(5);
  expect(steps.at(-1)).toMatchObject({ name: "push", uses: expect.stringContaining("build-push-action") });
});

test("what is pushed is what was tried, for both platforms, with its list of parts and its origin", () => {
  const tried = steps.find(({ name }) => name === "build")?.run ?? "";
  const { context, platforms, sbom, provenance, push, tags, "build-args": args } = steps.at(-1)?.with ?? {};
  expect({ context, platforms, sbom, provenance, push }).toEqual({
    context: CONTEXT,
    platforms: "linux/amd64,linux/arm64",
    sbom: true,
    provenance: "mode=max",
    push: true,
  });
  expect(tags).toContain("steps.tags.outputs.list");
  // Both are told the same things.
  const told = [...String(args).matchAll(/^(\w+)=/gm)].map(([, name]) => name);
  expect([...tried.matchAll(/--build-arg (\w+)=/g)].map(([, name]) => name)).toEqual(told);
  const dockerfile = readFileSync(join(ROOT, "deploy/Dockerfile"), "utf8");
  for (const name of told) expect(dockerfile).toContain(`ARG ${name}=`);
  expect(permissions).toMatchObject({ packages: "write", "id-token": "write", attestations: "write" });
});

test("nothing in the image's context is of one platform: what runs on one runs on both", () => {
  const files = readdirSync(join(ROOT, CONTEXT), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  expect(files.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["Dockerfile", "ape-test.mjs", "main.js"]),
  );
  for (const { parentPath, name } of files) {
    const head = readFileSync(join(parentPath, name)).subarray(0, 4).toString("latin1");
    // ELF, Mach-O and PE: programs and Node's native addons.
    expect(["\x7fELF", "\xcf\xfa\xed\xfe", "MZ\x90\0"], name).not.toContain(head);
    expect(name).not.toMatch(/\.(?:node|so|wasm)$/);
  }
});

test("the tags of a release; another tag than the version's is refused", () => {
  const [major, minor] = version.split(".");
  expect(run(tsx, "scripts/image.ts", "tags", "Someone/Ape", `refs/tags/v${version}`).split("\n")).toEqual(
    [version, `${major}.${minor}`, major, "latest"].map((tag) => `ghcr.io/someone/ape:${tag}`),
  );
  expect(() => run(tsx, "scripts/image.ts", "tags", "a/b", "refs/tags/v99.0.0")).toThrow(/not the tag/);
});

const PROGRAM = join(ROOT, CONTEXT, "app/bin/ape-test.mjs");
const TRY = join(ROOT, "deploy/try.mjs");
const node22 = join(process.env.APE_PEERS ?? "", "node_modules/node-22/bin/node");

test("an image is not made of a program whose roles do not start", { timeout: 60_000 }, () => {
  expect(run(process.execPath, TRY, PROGRAM)).toBe("");
  const folder = mkdtempSync(join(tmpdir(), "ape-try-"));
  try {
    const broken = join(folder, "broken.mjs");
    writeFileSync(broken, "process.exit(3);");
    expect(() => run(process.execPath, TRY, broken)).toThrow(/serve gateway ended with 3/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.skipIf(!existsSync(node22))(
  "Node 22 keeps what the roles load, not only what --version does",
  {
    timeout: 60_000,
  },
  () => {
    const folder = mkdtempSync(join(tmpdir(), "ape-try-"));
    const kept = (name: string, ...words: string[]): number => {
      const cache = join(folder, name);
      execFileSync(node22, words, {
        env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: cache },
        stdio: "pipe",
      });
      return readdirSync(cache, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
        .length;
    };
    try {
      expect(kept("roles", TRY, PROGRAM)).toBeGreaterThan(2 * kept("version", PROGRAM, "--version"));
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

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
