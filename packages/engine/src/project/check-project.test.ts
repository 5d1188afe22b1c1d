import { mkdtemp, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "@ape/core/config/parse";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkProject, requireChecks } from "./check-project.ts";
import type { Project } from "./project.ts";

let server: Server;
const received: string[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    received.push(`${request.method} ${request.url}`);
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => server.close());

const DIRECTORY = import.meta.dirname;

function project(target: object, more: object = {}): Project {
  const { port } = server.address() as AddressInfo;
  const written = {
    version: 1,
    targets: { api: { baseUrl: `http://127.0.0.1:${port}`, ...target } },
    inference: { provider: "simulated" },
    load: { agents: 1, sessions: 1 },
    ...more,
  };
  const { config, secrets } = parseConfig(JSON.stringify(written), "ape.config.yaml", {});
  return {
    directory: DIRECTORY,
    home: DIRECTORY,
    configFile: `${DIRECTORY}/ape.config.yaml`,
    config,
    written,
    secrets,
    environment: {},
  };
}

const goal = (...success: object[]) => ({ goals: [{ name: "g", prompt: "Order.", success }] });
const action = (operation: string) => ({ action: { operation } });

async function problems(read: Project): Promise<[string, string | undefined, string | undefined][]> {
  const { checks } = await checkProject(read);
  return checks
    .filter(({ ok, name }) => !ok && !/^(?:operations|checks) of /.test(name))
    .map(({ path = [], code, hint }) => [path.join("."), code, hint?.split(":")[0]]);
}

test.each([
  [{}, "POST /orders", "Without an API document agents may only read"],
  [{ allow: ["GET /**"] }, "POST /orders", "targets.api.deny names it, or targets.api.allow does not."],
  [
    { allow: ["POST /orders"] },
    "POST /order",
    "Did you mean `POST /orders`? targets.api.deny names it, or targets.api.allow does not.",
  ],
  [
    { allow: ["* /**"], deny: ["POST /Orders/"] },
    "POST /orders",
    "targets.api.deny names it, or targets.api.allow does not.",
  ],
  [{ kind: "web", deny: ["* /orders"] }, "POST /orders", "targets.api.deny names it."],
  [{ kind: "web", readOnly: true }, "POST /orders", "targets.api.readOnly permits reads only."],
  [
    { allow: ["POST /orders"] },
    "POST /replace_me",
    "It is a stand-in, as nothing that is known of the target does what the goal asks for",
  ],
])("with %j a check of %s is a problem with its place", async (target, operation, hint) => {
  const read = project(target, goal(action("GET /"), action(operation)));
  const place = "goals.0.success.1.action.operation";
  const found = await problems(read);
  expect(found.filter(([path]) => path === place)).toEqual([[place, "OPERATION_DENIED", hint]]);
  await expect(requireChecks(read)).rejects.toMatchObject({ code: "OPERATION_DENIED" });
});

test("a check that was written in place of another is named as one where a document is known", async () => {
  const spec = join(await mkdtemp(join(tmpdir(), "stand-in-")), "openapi.json");
  const paths = { "/rooms": { get: { responses: { 200: { description: "" } } } } };
  await writeFile(spec, JSON.stringify({ openapi: "3.1.0", info: { title: "t", version: "1" }, paths }));
  const found = await problems(project({ spec }, goal(action("POST /replace_me"))));
  expect(found.map(([, code, hint]) => [code, hint])).toEqual([
    [
      "OPERATION_UNKNOWN",
      "It is a stand-in, as nothing that is known of the target does what the goal asks for",
    ],
  ]);
});

test("what allow names is an operation: it may be checked, with any name for its parameter", async () => {
  const allow = ["POST /orders", "GET /orders/{id}", "GET /public/**"];
  const checks = goal(
    { action: { operation: "POST /orders", capture: { order: "$.id" } } },
    { probe: { operation: "GET /orders/{order}", expect: { status: 200 } } },
    action("GET /public/list"),
  );
  expect(await problems(project({ allow }, checks))).toEqual([]);
});

test("setup and teardown keep to deny, readOnly and a written allow; undocumented requests are the user's own", async () => {
  const hooks = {
    ...goal(action("GET /")),
    setup: [{ operation: "POST /reset" }],
    teardown: [{ operation: "DELETE /all" }],
  };
  expect(await problems(project({}, hooks))).toEqual([]);
  const deny = await problems(project({ deny: ["DELETE /**"] }, hooks));
  expect(deny.map(([path]) => path)).toEqual(["teardown.0.operation"]);
  const allow = await problems(project({ allow: ["GET /", "DELETE /all"] }, hooks));
  expect(allow.map(([path]) => path)).toEqual(["setup.0.operation"]);
  const readOnly = await problems(project({ readOnly: true }, hooks));
  expect(readOnly.map(([path]) => path)).toEqual(["setup.0.operation", "teardown.0.operation"]);
});

test("looking at a target sends nothing that is denied", async () => {
  received.length = 0;
  expect(await problems(project({ allow: ["* /**"], deny: ["GET /"] }, goal(action("GET /a"))))).toEqual([]);
  expect(received).toEqual([]);
});

test.each([
  [["GET /**"], true],
  [["* /**", "GET /items/**"], true],
  [["GET /items"], false],
  [["GET /**", "GET /items/{id}"], false],
])("a target without a document that allows %j is warned about: %s", async (allow, warned) => {
  const { checks } = await checkProject(project({ allow }, goal(action("GET /items"))));
  const found = checks.filter(({ name }) => name === "operations of api");
  expect(found.map(({ warning, path }) => ({ warning, path }))).toEqual(
    warned ? [{ warning: true, path: ["targets", "api"] }] : [],
  );
});

test("a target that this machine does not reach may be reached by pods, which the hint says", async () => {
  const away = { baseUrl: "http://127.0.0.1:9" };
  const hintOf = async (runtime: string): Promise<string | undefined> => {
    const { checks } = await checkProject(project(away, { runtime, ...goal(action("GET /")) }));
    return checks.find(({ code }) => code === "TARGET_UNREACHABLE")?.hint;
  };
  expect(await hintOf("kubernetes")).toContain("Pods of the cluster may reach it");
  expect(await hintOf("embedded")).not.toContain("Pods");
});
