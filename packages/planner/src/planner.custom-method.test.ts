import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

test("a custom method of a resource is called by its own route", async () => {
  const api = fake(
    "jobs",
    [
      operation("GET /jobs", "List jobs", [
        field("answer", "items", "object[]", "The jobs."),
        field("answer", "items[].jobId", "string", "The id of the job."),
      ]),
      operation("POST /jobs/{jobId}:run", "Run a job", [field("path", "jobId", "string!", "The job's id.")]),
      operation("POST /jobs/{jobId}:cancel", "Cancel a job", [
        field("path", "jobId", "string!", "The job's id."),
      ]),
    ],
    {
      "GET /jobs": () => reply(200, { items: [{ jobId: "J-17" }, { jobId: "J-18" }] }),
      "POST /jobs/{jobId}:run": () => reply(200, {}),
      "POST /jobs/{jobId}:cancel": () => reply(200, {}),
    },
  );
  const { calls, finished } = await runPlannerSession({
    planner: createPlanner(),
    apis: [api.api],
    goal: "List the jobs and cancel one of them.",
    row: {},
    secret: [],
    answer: api.answer,
  });
  expect(calls).toHaveLength(2);
  expect(calls[1]).toMatch(/^POST \/jobs\/J-1[78]:cancel .*-> 200/);
  expect(finished).toMatch(/done/);
});
