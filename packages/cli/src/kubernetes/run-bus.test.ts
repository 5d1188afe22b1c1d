import { parseConfig } from "@ape/core/config/parse";
import type { KubeApi, KubeObject } from "@ape/engine/launch/kubernetes/kube-api";
import type { Project } from "@ape/engine/project/project";
import { expect, test } from "vitest";
import { withRunBus } from "./run-bus.ts";

const RUN = "20261129-1";
const projectWith = (bus = ""): Project => {
  const { config } = parseConfig(
    `version: 1
targets: { app: { baseUrl: "http://127.0.0.1:1" } }
goals:
  - { name: look, prompt: Look around., success: [{ action: { operation: GET / } }], budget: { steps: 2, time: 5s, tokens: auto } }
inference: { provider: simulated }
load: { agents: 1, duration: 1s }
${bus}`,
    "ape.config.yaml",
    {},
  );
  return { config, directory: "/", environment: {} } as unknown as Project;
};

/** A cluster with this pod of the message bus; `asked` is what was looked at. */
function clusterWith(status: object | undefined) {
  const asked: string[] = [];
  const api = {
    get: async (kind: string, name: string): Promise<KubeObject | undefined> => {
      asked.push(`${kind} ${name}`);
      return status === undefined
        ? undefined
        : ({
            metadata: { name, labels: {}, creationTimestamp: "2026-01-01" },
            status,
          } as unknown as KubeObject);
    },
  };
  return { api: api as unknown as KubeApi, asked };
}

test("a configured message bus is used as it is, and the cluster is not asked", async () => {
  const { api, asked } = clusterWith(undefined);
  const project = projectWith("bus: { url: 'nats://bus.example:4222', maxAge: 1h }\n");
  const found = await withRunBus(api, project, RUN, async ({ url, maxAgeMs }) => [url, maxAgeMs]);
  expect(found).toEqual(["nats://bus.example:4222", 3_600_000]);
  expect(asked).toEqual([]);
});

test.each<[status: object | undefined, detail: RegExp]>([
  [undefined, new RegExp(`^there is no pod ape-${RUN}-nats-0$`)],
  [{ phase: "Pending", conditions: [] }, /pending/],
  [{ phase: "Running", conditions: [{ type: "Ready", status: "False" }] }, /not ready yet/],
])("the run's own one has to be ready: %j", async (status, detail) => {
  const { api, asked } = clusterWith(status);
  const act = async (): Promise<string> => "done";
  const thrown: unknown = await withRunBus(api, projectWith(), RUN, act).catch((error: unknown) => error);
  expect(thrown).toMatchObject({
    code: "CONTAINERS_FAILED",
    message: `the message bus of run ${RUN} is not there`,
    hint: expect.stringContaining("try again when it is back"),
  });
  expect(asked).toEqual([`Pod ape-${RUN}-nats-0`]);
  const { details } = thrown as { details: readonly string[] };
  expect(details.join("\n")).toMatch(detail);
});
