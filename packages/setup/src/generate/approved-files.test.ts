import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "@ape/core/config/parse";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import type { Answers } from "../answers/answers.ts";
import { composeFile } from "../compose/compose-file.ts";
import { doctorJob } from "../kubernetes/doctor-job.ts";
import { kubernetesObjects } from "../kubernetes/objects.ts";
import { readProjectFiles } from "../kubernetes/project-files.ts";
import { observabilityFiles } from "../observability/files.ts";
import { projectFiles } from "./project-files.ts";

/** Generated files as they were reviewed: a change of a generator shows here as the change of a file. */
const approved = (name: string): string => join(import.meta.dirname, "../../test/approved", name);

const SECRETS = { SHOP_TOKEN: "t", CEREBRAS_API_KEY: "k" };
const CONFIG = `version: 1
targets: { shop: { baseUrl: "http://shop:4010", spec: ./openapi.yaml, auth: { bearer: "\${SHOP_TOKEN}" } } }
inference: { provider: cerebras, apiKey: "\${CEREBRAS_API_KEY}" }
goals: [{ name: look, prompt: Look., data: { file: ./accounts.csv }, success: [{ action: { operation: GET / } }] }]
load: { agents: 1000 }
`;

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ape-approved-"));
  await writeFile(join(directory, "openapi.yaml"), "openapi: 3.1.0\n");
  await writeFile(join(directory, "accounts.csv"), "email\na@b.c\n");
});
afterAll(() => rm(directory, { recursive: true }));

test("the files of the observability containers", async () => {
  const files = await observabilityFiles({ project: "ape-t", webhook: "https://hook.example/x" });
  for (const { path, text } of files) {
    const name = path
      .replace(/^ape\./, "")
      .replaceAll("/", "-")
      .replace(/\.json$/, ".txt");
    // Dashboards are long, and all made the same way: the shortest one says how.
    if (!name.includes("dashboards-ape-") || name.includes("ape-trace"))
      await expect(text).toMatchFileSnapshot(approved(name));
  }
});

test("the file for Docker Compose", async () => {
  const more = "compose: { target: { image: shop, healthcheck: [check] }, observability: full }\n";
  const { config, written } = parseConfig(`runtime: compose\n${CONFIG}${more}`, "f", SECRETS);
  await expect(composeFile(config, written, "ape-t")).toMatchFileSnapshot(approved("compose.yml"));
});

test("the objects of a run on Kubernetes", async () => {
  const more = "kubernetes: { namespace: load, image: registry.example/ape:1, imagePullSecrets: [pull] }\n";
  const { config, written } = parseConfig(`runtime: kubernetes\n${CONFIG}${more}`, "f", SECRETS);
  const project = await readProjectFiles(config, written, directory);
  const objects = [
    ...kubernetesObjects({ run: "r1", config, project }),
    doctorJob(config, "d1", ["http://shop:4010"]),
  ];
  const text = objects.map((object) => stringify(object)).join("---\n");
  await expect(text).toMatchFileSnapshot(approved("kubernetes.yaml"));
});

const ANSWERS: Answers = {
  target: { name: "shop", kind: "rest", baseUrl: "http://127.0.0.1:4010", auth: "bearer", authorized: false },
  data: {
    file: "./accounts.csv",
    secret: ["pin"],
    sample: { columns: ["who", "pin"], rows: [["ada", "1"]] },
  },
  goals: [{ name: "buy", prompt: "Buy a lamp.", success: [{ action: { operation: "POST /orders" } }] }],
  agents: 3,
  duration: "2m",
  provider: "simulated",
  runtime: "embedded",
  observability: "metrics",
  ci: "gitlab",
};

test.each<[string, Partial<Answers>]>([
  ["embedded", {}],
  ["compose", { runtime: "compose", ci: "github", observability: "full", data: undefined }],
])("the files of a new project: %s", async (name, more) => {
  const place = {
    directory: "/nowhere",
    name: "my-tests",
    templates: new URL("../../templates", import.meta.url).pathname,
    environment: {},
    version: "1.2.3",
  };
  const files = await projectFiles({ ...ANSWERS, ...more } as Answers, place);
  const text = files
    .filter(({ path }) => !/observability|docker-compose/.test(path))
    .map((file) => `# ${file.path}\n${file.text}`);
  await expect(text.join("\n")).toMatchFileSnapshot(approved(`project-${name}.txt`));
});
