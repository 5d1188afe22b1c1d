import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadProject } from "../project/project.ts";
import { removeRoleFiles, writeRoleFiles } from "./role-files.ts";

const CONFIG = `version: 1
targets:
  api:
    baseUrl: "http://\${HOST:-sut_target}:4010"
    spec: ./api/openapi.yaml
    headers: { X-Key: "\${TARGET_KEY}" }
    tls: { ca: certs/ca.pem }
inference: { provider: custom, model: m, baseUrl: "http://model", apiKey: "\${MODEL_KEY}", keyFile: more.keys, instructions: ape.prompt.md }
goals: [{ name: look, prompt: Look., data: { file: data/accounts.csv }, success: [{ action: { operation: GET / } }] }]
`;
const FILES = {
  "api/openapi.yaml": "paths: { /pets: { $ref: './paths/pets.yaml#/x' } }",
  "api/paths/pets.yaml":
    '{"x": {"$ref": "../schemas.json"}, "y": {"$ref": "#/z"}, "z": {"$ref": "https://other.test/a.yaml"}}',
  "api/schemas.json": "{}",
  "certs/ca.pem": "pem",
  "more.keys": "key-2",
  "ape.prompt.md": "Be quick.",
  "data/accounts.csv": "name,password\nada,secret\n",
  "ape.env": "TARGET_KEY=target-secret\nMODEL_KEY=model-secret\nOTHER=other-secret\n",
  "private.txt": "nobody's",
};
const USER = { uid: 65_532, gid: 65_532 };

const BUS = { url: "nats://nats:4222", token: "run-token" };

let home = "";
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "ape-roles-"));
});
afterEach(() => rm(home, { recursive: true }));

async function written(config = CONFIG): Promise<string> {
  for (const [name, text] of Object.entries({ ...FILES, "ape.config.yaml": config })) {
    await mkdir(dirname(join(home, name)), { recursive: true });
    await writeFile(join(home, name), text);
  }
  const folder = join(home, "run");
  const project = await loadProject({ cwd: home, environment: {} });
  await writeRoleFiles(folder, project, { token: "run-token", bus: BUS, user: USER });
  return folder;
}

async function textsOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    await Promise.all(
      files
        .sort()
        .map(async (file) => [file.slice(folder.length + 1), await readFile(file, "utf8")] as const),
    ),
  );
}

test("each role gets the files that its part of the configuration names, and no other", async () => {
  const folder = await written();
  expect(Object.keys(await textsOf(join(folder, "gateway")))).toEqual([
    "ape.mcp-gateway.json",
    "api/openapi.yaml",
    "api/paths/pets.yaml",
    "api/schemas.json",
    "certs/ca.pem",
  ]);
  expect(Object.keys(await textsOf(join(folder, "inference")))).toEqual(["ape.config.yaml", "more.keys"]);
  expect(Object.keys(await textsOf(join(folder, "agents")))).toEqual(["ape.prompt.md", "data/accounts.csv"]);
});

test("each role gets the variables that its part reads; one without a value keeps its default", async () => {
  const texts = await textsOf(await written());
  expect(JSON.parse(texts["gateway.variables.json"] ?? "")).toEqual({ TARGET_KEY: "target-secret" });
  expect(JSON.parse(texts["inference.variables.json"] ?? "")).toEqual({ MODEL_KEY: "model-secret" });
  for (const [name, text] of Object.entries(texts)) {
    expect(text, name).not.toContain("other-secret");
    if (name !== "gateway.variables.json") expect(text, name).not.toContain("target-secret");
    if (name !== "inference.variables.json") expect(text, name).not.toContain("model-secret");
  }
  expect(texts["gateway/ape.mcp-gateway.json"]).toContain("${HOST:-sut_target}");
});

test("only the owner reads them, and only Prometheus' token is left at the end", async () => {
  const folder = await written();
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  for (const name of ["token", "nats.conf", "gateway.variables.json", "gateway/certs/ca.pem"])
    expect((await stat(join(folder, name))).mode & 0o777, name).toBe(0o400);
  if (process.getuid?.() === 0) expect((await stat(join(folder, "token"))).uid).toBe(USER.uid);
  await removeRoleFiles(folder);
  expect(Object.keys(await textsOf(folder))).toEqual(["scrape-token"]);
});

test.each(["../outside.csv", "/etc/passwd"])(
  "a file that is not in the project, %s, is refused by name",
  async (file) => {
    await expect(written(CONFIG.replace("data/accounts.csv", file))).rejects.toMatchObject({
      code: "FILE_MISSING",
      message: expect.stringContaining(file),
    });
  },
);

test("literal secrets of the configuration reach only their role", async () => {
  const folder = await written(CONFIG.replace("${MODEL_KEY}", "literal-model-key"));
  const texts = await textsOf(folder);
  const holders = Object.entries(texts).flatMap(([name, text]) =>
    text.includes("literal-model-key") ? [name] : [],
  );
  expect(holders).toEqual(["inference/ape.config.yaml"]);
});
