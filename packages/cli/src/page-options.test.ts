import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubeApi } from "@ape/engine/launch/kubernetes/kube-api";
import type { Project } from "@ape/engine/project/project";
import { expect, test } from "vitest";
import { testIo } from "../test/test-io.ts";
import { repairsIn } from "./evaluation/repairs-in.ts";
import { runTokenOf } from "./kubernetes/run-token.ts";
import { namesKubernetes } from "./names-kubernetes.ts";
import { type PageChoice, pageOptions } from "./page-options.ts";

test.each<[tty: boolean, choice: PageChoice, isServed: boolean, isTold: boolean]>([
  [true, {}, true, true],
  [false, {}, false, false],
  [true, { page: false }, false, false],
  [false, { page: true }, true, true],
  [true, { quiet: true }, false, false],
  [true, { quiet: true, page: true }, true, true],
  [true, { json: "object" }, false, false],
  [false, { json: "stream", page: true }, true, true],
])(
  "on a terminal (%s) with %j a page is served: %s, and its address told: %s",
  (tty, choice, isServed, isTold) => {
    const io = testIo({ tty });
    const { onPage } = pageOptions(io, choice, false);
    expect(onPage !== undefined).toBe(isServed);
    onPage?.("http://127.0.0.1:1/");
    expect(io.stderr()).toBe(isTold ? "page http://127.0.0.1:1/\n" : "");
  },
);

test("repairs are counted by their kind", () => {
  const counter = (count: number) => ({ type: "counter" as const, unit: "1" as const, values: { count } });
  expect(
    repairsIn({
      'decisions_repaired{kind:"fence"}': counter(3),
      'decisions_repaired{kind:"none"}': counter(0),
      'decisions_repaired{other:"fence"}': counter(1),
      'x_decisions_repaired{kind:"fence"}': counter(1),
      decisions_repaired: counter(4),
    }),
  ).toEqual([["fence", 3]]);
});

test("a folder is looked through for the word in either name of the configuration", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ape-names-"));
  try {
    expect(await namesKubernetes(folder)).toBe(false);
    await writeFile(join(folder, "ape.config.yaml"), "version: 1\n");
    expect(await namesKubernetes(folder)).toBe(false);
    await writeFile(join(folder, "ape.config.yml"), "runtime: kubernetes\n");
    expect(await namesKubernetes(folder)).toBe(true);
    await rm(join(folder, "ape.config.yml"));
    await writeFile(join(folder, "ape.config.yaml"), "kubernetes: {}\n");
    expect(await namesKubernetes(folder)).toBe(true);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("the token of a run is in its own Secret, or in the one that the configuration names", async () => {
  const asked: string[] = [];
  const api = (data?: object) =>
    ({
      namespace: "load",
      get: async (_kind: string, name: string) => {
        asked.push(name);
        return data && { data };
      },
    }) as unknown as KubeApi;
  const project = (access?: string) =>
    ({
      config: { kubernetes: { existingSecrets: access === undefined ? {} : { access } } },
    }) as unknown as Project;
  const token = Buffer.from(" secret\n").toString("base64");
  expect(await runTokenOf(api({ token }), project(), "r1")).toBe("secret");
  expect(await runTokenOf(api({ token }), project("mine"), "r1")).toBe("secret");
  expect(asked).toEqual([expect.stringMatching(/r1.*access/), "mine"]);
  for (const data of [undefined, {}])
    await expect(runTokenOf(api(data), project(), "r1")).rejects.toMatchObject({
      code: "RUN_NOT_FOUND",
      message: "the run r1 has no token in the namespace load",
      hint: expect.stringContaining("deleted"),
    });
});
