import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "@ape/core/config/parse";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ExampleChanges, exampleFiles, examples } from "./example.ts";

const CONFIG = `# a comment
version: 1
targets:
  shop: # the shop
    baseUrl: http://127.0.0.1:3000
  bank:
    baseUrl: http://127.0.0.1:4000
goals:
  - name: look
    prompt: Look around.
    success: [{ action: { operation: "shop: GET /" } }]
    budget: { steps: 5, time: 1m, tokens: auto }
inference: { provider: simulated }
load: { agents: 3, duration: 30s }
`;
const STAGES = CONFIG.replace("agents: 3, duration: 30s", "stages: [{ duration: 10s, agents: 2 }]");
const ARRIVALS = CONFIG.replace(
  "agents: 3, duration: 30s",
  "agents: 5, arrivals: [{ rate: 2, duration: 10s }]",
);

let templates = "";
beforeAll(async () => {
  templates = await mkdtemp(join(tmpdir(), "ape-examples-"));
  await cp(new URL("../../templates", import.meta.url).pathname, templates, { recursive: true });
  for (const [name, title, config] of [
    ["shop", "# A shop", CONFIG],
    ["desk", "#  Tickets", STAGES],
    ["yard", "Boats", ARRIVALS],
  ] as const) {
    const folder = join(templates, "examples", name);
    await mkdir(join(folder, "src"), { recursive: true });
    await writeFile(join(folder, "README.md"), `${title}\n\nMore.\n`);
    await writeFile(join(folder, "ape.config.yaml"), config);
    await writeFile(join(folder, "accounts.csv"), "a,b\n");
    await writeFile(join(folder, "src", "server.mjs"), "x");
    if (name === "shop") await writeFile(join(folder, "package.json"), '{"name":"mine"}');
  }
  await mkdir(join(templates, "examples", "bare"));
  await writeFile(join(templates, "examples", "bare", "README.md"), "# Bare\n");
});
afterAll(() => rm(templates, { recursive: true, force: true }));

const place = () => ({ directory: "/project", name: "mine", templates, environment: {}, version: "1.0.0" });
const filesOf = (name: string, changes: Partial<ExampleChanges> = {}) =>
  exampleFiles(name, { ci: "none", ...changes }, place());
const configOf = async (name: string, changes: Partial<ExampleChanges>): Promise<string> =>
  (await filesOf(name, changes)).find(({ path }) => path === "ape.config.yaml")?.text ?? "";

test("examples are listed by name, with the first line of what they say of themselves", () => {
  expect(examples(templates)).toEqual([
    { name: "bare", title: "Bare" },
    { name: "desk", title: "Tickets" },
    { name: "shop", title: "A shop" },
    { name: "yard", title: "Boats" },
  ]);
});

test("all files of an example are copied, accounts only for their owner, with what a project has around them", async () => {
  const files = await filesOf("desk");
  const own = files.filter(({ path }) => /^(?:README|accounts|src|ape\.config)/.test(path));
  expect(own.map(({ path, mode }) => [path, mode]).sort()).toEqual([
    ["README.md", undefined],
    ["accounts.csv", 0o600],
    ["ape.config.yaml", undefined],
    ["src/server.mjs", undefined],
  ]);
  expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining(["package.json", ".gitignore"]));
  const paths = (await filesOf("shop")).map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);
  expect((await filesOf("shop")).find(({ path }) => path === "package.json")?.text).toBe('{"name":"mine"}');
  expect((await filesOf("shop", { ci: "github" })).some(({ path }) => path.startsWith(".github/"))).toBe(
    true,
  );
});

test("a configuration without changes is the example's own text", async () => {
  expect(await configOf("shop", {})).toBe(CONFIG);
});

test("changes are made in place, and comments stay", async () => {
  const text = await configOf("shop", { target: "http://10.0.0.1:80", agents: 7, duration: "2m" });
  expect(text).toContain("# a comment");
  expect(text).toContain("# the shop");
  const { config } = parseConfig(text, "ape.config.yaml", {});
  expect(config.targets.shop?.baseUrl).toBe("http://10.0.0.1:80");
  expect(config.targets.bank?.baseUrl).toBe("http://127.0.0.1:4000");
  expect(config.load).toMatchObject({ agents: 7 });
  expect(await configOf("shop", { agents: 7 })).toContain("duration: 30s");
  expect(await configOf("shop", { duration: "2m" })).toContain("agents: 3");
});

test.each(["desk", "yard"])(
  "the load of %s has stages of its own, which options do not change",
  async (name) => {
    await expect(filesOf(name, { agents: 7 })).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringContaining("--agents does not fit this template"),
    });
    await expect(filesOf(name, { duration: "1m" })).rejects.toMatchObject({
      message: expect.stringContaining("--duration does not fit this template"),
      hint: expect.stringContaining("ape-test start"),
    });
    expect(await configOf(name, { target: "http://10.0.0.1:80" })).toContain("http://10.0.0.1:80");
  },
);

test("a name that is none is refused with the nearest one", async () => {
  await expect(filesOf("shpo")).rejects.toMatchObject({
    code: "USAGE",
    message: 'there is no template "shpo"; did you mean "shop"?',
    hint: expect.stringContaining("bare, desk, shop, yard"),
  });
  await expect(filesOf("zzzzzzzzzz")).rejects.toMatchObject({ message: expect.stringContaining('"bare"') });
  await expect(filesOf("bare")).rejects.toMatchObject({ code: "INTERNAL" });
});
