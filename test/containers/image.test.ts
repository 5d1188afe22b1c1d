import { execFileSync, spawnSync } from "node:child_process";
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

interface Job {
  needs?: string;
  permissions: Record<string, string>;
  steps: Step[];
}

const { jobs, permissions } = parse(readFileSync(join(ROOT, ".github/workflows/image.yml"), "utf8")) as {
  jobs: { test: Job; image: Job };
  permissions: Record<string, string>;
};
const { steps } = jobs.image;
const CONTEXT = "packages/cli/image";
const at = (name: string): number => steps.findIndex((step) => step.name === name);

test("the tests pass before an image is built, and each job has the rights that it uses alone", () => {
  expect(jobs.test.steps.map(({ run: command }) => command)).toContain("npm test");
  expect(jobs.image.needs).toBe("test");
  expect(permissions).toEqual({});
  expect(jobs.test.permissions).toEqual({ contents: "read" });
  expect(jobs.image.permissions).toEqual({ contents: "read", packages: "write", "id-token": "write" });
});

test("every action is pinned by its commit", () => {
  for (const { uses } of [...jobs.test.steps, ...steps])
    if (uses !== undefined) expect(uses).toMatch(/^[\w/-]+@[0-9a-f]{40}$/);
});

test("one build is pushed without a tag, smoke-tested by its digest, signed, and then tagged", () => {
  const builds = steps.filter(
    ({ uses = "", run: command = "" }) =>
      uses.includes("build-push") || /docker (?:buildx )?build\b/.test(command),
  );
  expect(builds).toHaveLength(1);
  const { context, platforms, sbom, provenance, tags, outputs, "build-args": args } = builds[0]?.with ?? {};
  expect({ context, platforms, sbom, provenance, tags }).toEqual({
    context: CONTEXT,
    platforms: "linux/amd64,linux/arm64",
    sbom: true,
    provenance: "mode=max",
    tags: undefined,
  });
  expect(outputs).toMatch(/push-by-digest=true.*push=true/);
  expect(["build", "smoke", "sign", "publish"].map(at)).toEqual(
    ["build", "smoke", "sign", "publish"].map(at).sort((a, b) => a - b),
  );
  expect(at("build")).toBeGreaterThan(0);
  for (const name of ["smoke", "sign", "publish"])
    expect(JSON.stringify(steps[at(name)])).toContain("steps.build.outputs.digest");
  const dockerfile = readFileSync(join(ROOT, "deploy/Dockerfile"), "utf8");
  for (const [, name] of String(args).matchAll(/^(\w+)=/gm)) expect(dockerfile).toContain(`ARG ${name}=`);
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

test("the program of the image has the files of every command", () => {
  const program = join(ROOT, CONTEXT, "app/bin/ape-test.mjs");
  expect(run("node", program, "init", "--list-templates")).toMatch(/^rest {2,}/m);
  for (const folder of ["demo", "evaluation"])
    expect(readdirSync(join(ROOT, CONTEXT, "app", folder))).toEqual(
      readdirSync(join(ROOT, "packages/cli", folder)),
    );
});

test("the tags of a release; another tag than the version's is refused", () => {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  const tags = (...released: string[]): string[] =>
    run(tsx, "scripts/image.ts", "tags", "Someone/Ape", `refs/tags/v${version}`, ...released).split("\n");
  const named = (...names: string[]): string[] => names.map((tag) => `ghcr.io/someone/ape:${tag}`);
  const all = named(version, `${major}.${minor}`, `${major}`, "latest");
  expect(tags()).toEqual(all);
  expect(tags(`v${version}`, "v0.0.1", `v${major + 1}.0.0-rc.1`, "vendor")).toEqual(all);
  // A newer line exists: this release patches an older one.
  expect(tags(`v${major + 1}.0.0`)).toEqual(named(version, `${major}.${minor}`, `${major}`));
  expect(tags(`v${major}.${minor + 10}.0`)).toEqual(named(version, `${major}.${minor}`));
  expect(tags(`v${major}.${minor}.${patch + 10}`)).toEqual(named(version));
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

  test.skipIf(!existsSync(node22))(
    "with Node 22 the roles' users find what was compiled when the image was made, and licences are inside",
    { timeout: 120_000 },
    () => {
      const tags = ["ape-test:node22-e2e", "ape-test-base:node22-e2e"] as const;
      try {
        buildApeImage(node22, ...tags);
        for (const user of ["65532:65532", "1000:1000"]) {
          const options = ["--rm", "--read-only", "--user", user, "--env", "NODE_DEBUG_NATIVE=COMPILE_CACHE"];
          const { stderr } = spawnSync("docker", ["run", ...options, tags[0], "--version"], {
            encoding: "utf8",
          });
          expect(
            stderr.match(/cache for .*was accepted/g)?.length ?? 0,
            `${user}: ${stderr.slice(0, 3_000)}`,
          ).toBeGreaterThan(3);
        }
        const read =
          'const { readFileSync: r } = require("fs"); console.log(r("/app/LICENSE", "utf8").length, /fastify \\d/.test(r("/app/THIRD-PARTY-LICENSES.txt", "utf8")))';
        expect(run("docker", "run", "--rm", "--entrypoint", "/bin/node", tags[0], "-e", read)).toMatch(
          /^\d{3,} true$/,
        );
      } finally {
        execFileSync("docker", ["image", "rm", "--force", ...tags], { stdio: "ignore" });
      }
    },
  );
});
