import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock as clock } from "@ape/engine/host/clock";
import { loadProject, readProject } from "@ape/engine/project/project";
import { readInstructions } from "@ape/engine/worker/instructions";
import { createGateway } from "@ape/gateway/gateway";
import { afterEach, beforeEach, expect, test } from "vitest";
import { GOOD_CONFIG, GOOD_FILES } from "../../test/broken.ts";
import { HAR, K6, POSTMAN } from "../../test/input-samples.ts";
import { importFrom } from "./import-from.ts";
import { inspectProject } from "./inspect.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ape-encodings-"));
});
afterEach(() => rm(folder, { recursive: true }));

const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, "utf16le");
const ENCODINGS: Readonly<Record<string, (text: string) => Buffer>> = {
  "UTF-8 with a byte-order mark": (text) => Buffer.from(`\ufeff${text}`),
  "UTF-16LE": utf16,
  "UTF-16BE": (text) => utf16(text).swap16(),
};

test.each(Object.entries(ENCODINGS))("every file of a project may be %s", async (_name, encode) => {
  const files = {
    ...GOOD_FILES,
    "own.md": "Grüße.\n",
    "ape.env": "AGENTS=4\n",
    "ape.config.yaml": GOOD_CONFIG.replace("agents: 3", "agents: ${AGENTS}"),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), encode(text));
  const { config, directory } = await loadProject({ cwd: folder, environment: {} });
  expect(config.load.agents).toBe(4);
  expect(await readInstructions(config.inference, directory)).toBe("Grüße.");
  const gateway = await createGateway({ targets: config.targets, clock, baseDir: directory });
  expect(gateway.operations("shop")).toContain("POST /orders");
  await gateway.close();
  await writeFile(join(folder, "schema.graphql"), encode("type Query { a: Int }\n"));
  const graphql = {
    ...config.targets.shop,
    kind: "graphql" as const,
    spec: "./schema.graphql",
    allow: undefined,
  } as (typeof config.targets)[string];
  const other = await createGateway({ targets: { g: graphql }, clock, baseDir: directory });
  expect(other.operations("g")).toContain("query a");
  await other.close();
});

test.each(Object.entries(ENCODINGS))("files of other tools may be %s", async (_name, encode) => {
  for (const [kind, text] of [
    ["har", HAR],
    ["postman", POSTMAN],
    ["k6", K6],
  ] as const) {
    await writeFile(join(folder, kind), encode(text));
    expect((await importFrom(kind, kind, folder)).imported.baseUrl).toBe("http://127.0.0.1:3000");
  }
});

test("a data file in Latin-1 is read, and validate says so with the file's name", async () => {
  for (const [name, text] of Object.entries(GOOD_FILES)) await writeFile(join(folder, name), text);
  await writeFile(join(folder, "ape.config.yaml"), GOOD_CONFIG);
  await writeFile(
    join(folder, "accounts.csv"),
    Buffer.from("email,password\njosé@x.example,one\n", "latin1"),
  );
  const { findings } = await inspectProject(await readProject({ cwd: folder, environment: {} }), false);
  expect(findings).toContainEqual(
    expect.objectContaining({
      severity: "warning",
      message: "the data file ./accounts.csv is not UTF-8; it is read as windows-1252 (Latin-1)",
    }),
  );
});
