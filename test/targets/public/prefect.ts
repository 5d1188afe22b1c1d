import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { freePort } from "@ape/engine/host/free-port";
import type { PublicApplication } from "./application.ts";
import { cacheFolder, pythonPackages } from "./packages.ts";
import { startServer } from "./server-process.ts";

/** The server of Prefect: workflows, more than 200 operations. */
export const prefect: PublicApplication = {
  name: "prefect",
  async start() {
    const python = await pythonPackages("prefect", ["prefect"]);
    const home = await cacheFolder("prefect/home");
    await rm(home, { recursive: true, force: true });
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const close = await startServer(
      [join(dirname(python), "prefect"), "server", "start", "--host", "127.0.0.1", "--port", String(port)],
      {
        cwd: dirname(python),
        env: {
          PREFECT_HOME: home,
          PREFECT_SERVER_ANALYTICS_ENABLED: "false",
          PREFECT_LOGGING_LEVEL: "ERROR",
        },
        ready: `${url}/api/health`,
      },
    );
    const count = async (of: string, filter: object): Promise<number> => {
      const answer = await fetch(`${url}/api/${of}/count`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(filter),
      });
      return (await answer.json()) as number;
    };
    /** Things of the newest 200 that fit. */
    const fitting = async <T>(of: string, fits: (one: T) => boolean): Promise<number> => {
      let found = 0;
      for (let offset = 0; ; offset += 200) {
        const answer = await fetch(`${url}/api/${of}/filter`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ limit: 200, offset }),
        });
        const page = (await answer.json()) as T[];
        found += page.filter(fits).length;
        if (page.length < 200) return found;
      }
    };
    const names = "{ generate: { tail: username } }";
    return {
      target: `{ kind: rest, baseUrl: "${url}/api", spec: "${url}/openapi.json" }`,
      close,
      goals: [
        {
          name: "variable",
          prompt: 'Create a variable named "rate_{{tail}}" with the value 7, then update the value to 9.',
          data: names,
          success:
            '[{ action: { operation: "POST /variables/", status: 201, capture: { id: $.id } } }, { anyOf: [{ probe: { operation: "GET /variables/{id}", deadline: 30s, expect: { body: { $.value: 9 } } } }, { probe: { operation: "GET /variables/{id}", deadline: 30s, expect: { body: { $.value: "9" } } } }] }]',
          confirmed: () => fitting<{ value: unknown }>("variables", ({ value }) => Number(value) === 9),
        },
        {
          name: "delete-variable",
          prompt: 'Create a variable named "old_{{tail}}" with the value 1, look at it, then delete it.',
          data: names,
          success:
            '[{ action: { operation: "POST /variables/", status: 201, capture: { id: $.id } } }, { probe: { operation: "GET /variables/{id}", expect: { status: 404 }, deadline: 30s } }]',
          // What is gone leaves no trace: the probe is the truth.
          confirmed: async () => Number.POSITIVE_INFINITY,
        },
        {
          name: "flow-run",
          prompt:
            'Create a flow named "flow-{{tail}}", create a flow run of it, and set the state of the run to completed.',
          data: names,
          success:
            '[{ action: { operation: "POST /flows/" } }, { action: { operation: "POST /flow_runs/", capture: { id: $.id } } }, { probe: { operation: "GET /flow_runs/{id}", deadline: 30s, expect: { body: { $.state.type: COMPLETED } } } }]',
          confirmed: () => count("flow_runs", { flow_runs: { state: { type: { any_: ["COMPLETED"] } } } }),
        },
        {
          name: "work-pool",
          prompt: 'Create a work pool named "pool-{{tail}}" of the type process, then look at it.',
          data: names,
          success:
            '[{ action: { operation: "POST /work_pools/", status: 201, capture: { name: $.name } } }, { action: { operation: "GET /work_pools/{name}" } }]',
          confirmed: () => fitting<{ name: string }>("work_pools", ({ name }) => name.startsWith("pool-")),
        },
      ],
    };
  },
};
