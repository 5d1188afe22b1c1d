import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = new URL("..", import.meta.url).pathname;
/** A folder into which `npm i` has brought what test/peers/package.json names. */
const PEERS = join(process.env.APE_PEERS ?? "", "node_modules");
const MIB = 1024 ** 2;
const NAMES = ["ape-test", "create-ape-test"] as const;

let folder = "";
let tarballs: string[] = [];

/** Runs npm or npx by the Node of a folder, as a user would; returns what it says. */
function run(command: string, args: string[], options: { cwd?: string; node?: string } = {}): string {
  const { cwd = folder, node = dirname(process.execPath) } = options;
  return execFileSync(command, args, {
    cwd,
    encoding: "utf8",
    env: {
      HOME: process.env.HOME,
      PATH: [node, dirname(process.execPath), process.env.PATH].join(delimiter),
      npm_config_update_notifier: "false",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ape-install-"));
  tarballs = ["cli", "create-ape-test"].map((name) => {
    const packed = run("npm", ["pack", "--json", "--loglevel=silent", "--pack-destination", folder], {
      cwd: join(ROOT, "packages", name),
    });
    const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
    return join(folder, filename);
  });
  writeFileSync(join(folder, "package.json"), '{"private":true}');
  // As those who have `engine-strict` install: nothing in the tree may need a newer Node than ours.
  run("npm", [
    "install",
    "--engine-strict",
    "--prefer-offline",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    ...tarballs,
  ]);
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function sizeOf(path: string): number {
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

test("both packages together take 40 MB at most, and nothing of them runs on install", () => {
  expect(sizeOf(join(folder, "node_modules")) / MIB).toBeLessThan(40);
  const lock = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")) as {
    packages: Record<string, { hasInstallScript?: boolean; os?: string[]; cpu?: string[] }>;
  };
  const suspicious = Object.entries(lock.packages).filter(
    ([, { hasInstallScript, os, cpu }]) => hasInstallScript === true || os !== undefined || cpu !== undefined,
  );
  expect(suspicious.map(([path]) => path)).toEqual([]);
});

const nodes = ["node-22", "node-24"].map((name) => join(PEERS, name, "bin"));

/** From nothing to a test, with the installed packages and no file of the repository. */
function tryOut(node: string): void {
  const name = `try-${run(join(node, "node"), ["--version"]).trim()}`;
  const npx = (...args: string[]): string => run("npx", ["--no-install", ...args], { node });
  expect(npx("create-ape-test", "--help")).toContain("Usage: ape-test init");
  expect(npx("create-ape-test", name, "--yes", "--ci", "github")).toContain("ape.config.yaml");
  expect(npx("ape-test", "validate", "--config", `${name}/ape.config.yaml`)).toContain("follows the schema");
  // A seed whose think times are short: two sessions are too few for a mean.
  npx("ape-test", "demo", "--agents", "2", "--sessions", "2", "--seed", "2", "--quiet");
}

test("from the tarballs through npx, on this Node", { timeout: 120_000 }, () => {
  tryOut(dirname(process.execPath));
});

test.skipIf(nodes.some((node) => !existsSync(node)))(
  "from the tarballs through npx, on Node 22 and 24",
  { timeout: 240_000 },
  () => {
    for (const node of nodes) tryOut(node);
  },
);

test("programs that make tests find the function and its types", { timeout: 60_000 }, () => {
  const program = join(folder, "program");
  mkdirSync(program);
  const call = `configText({
  targets: { shop: { baseUrl: "http://127.0.0.1:1" } },
  goals: [{ name: "look", prompt: "Look.", success: [{ action: { operation: "GET /" } }] }],
  load: { agents: 5 },
})`;
  writeFileSync(
    join(program, "good.ts"),
    `import { configText } from "ape-test/config";\nconsole.log(${call});\n`,
  );
  writeFileSync(
    join(program, "bad.ts"),
    `import { configText } from "ape-test/config";\nconsole.log(${call.replace("agents", "agent")});\n`,
  );
  writeFileSync(
    join(program, "good.mjs"),
    `import { configText } from "ape-test/config";\nprocess.stdout.write(${call});\n`,
  );
  const types = (file: string): string => {
    const flags = [
      "--noEmit",
      "--strict",
      "--module",
      "nodenext",
      "--types",
      "node",
      "--typeRoots",
      join(ROOT, "node_modules/@types"),
    ];
    try {
      return run(join(ROOT, "node_modules/.bin/tsc"), [...flags, join(program, file)]);
    } catch (thrown) {
      return (thrown as { stdout: string }).stdout;
    }
  };
  expect(types("good.ts")).toBe("");
  expect(types("bad.ts")).toMatch(/'agent' does not exist in type/);
  expect(run(process.execPath, [join(program, "good.mjs")])).toContain("agents: 5");
});

test.each(NAMES)("publint finds nothing in %s", async (name) => {
  const pkgDir = join(folder, "node_modules", name);
  const { messages, pkg } = await publint({ pkgDir, level: "suggestion", strict: true, pack: false });
  expect(messages.map((message) => formatMessage(message, pkg as never, { color: false }))).toEqual([]);
});

const attw = join(PEERS, ".bin/attw");
test.skipIf(!existsSync(attw))("are the types wrong? No", { timeout: 60_000 }, () => {
  // It ends with an error where a resolution has a problem.
  expect(run(attw, ["--profile", "esm-only", tarballs[0] ?? "", "--entrypoints", "config"])).toContain(
    "(ESM)",
  );
});
