import { parseConfig } from "@ape/core/config/parse";
import type { ApiDescription } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import type { Manifest } from "../store/manifest.ts";
import { withProofs } from "./run-description.ts";

const API: ApiDescription = {
  target: "app",
  title: "t",
  documented: true,
  auth: [],
  operations: [
    { method: "POST", path: "/notes", summary: "Write a note", fields: [], secured: false },
    { method: "DELETE", path: "/notes/{id}", summary: "Delete a note", fields: [], secured: false },
  ],
};

test("a run's description says which parts of each goal are proven, and no secret of its words", () => {
  const { config } = parseConfig(
    `version: 1
targets: { app: { baseUrl: "http://127.0.0.1:9" } }
goals: [{ name: g, prompt: "Write a note about s3cret-of-mine, then delete it.", success: [{ action: { operation: POST /notes } }] }]
`,
    "ape.config.yaml",
    {},
  );
  const manifest = { goals: [{ name: "g", checks: ["c"] }] } as unknown as Manifest;
  const { goals } = withProofs(manifest, { config, secrets: ["s3cret-of-mine"] }, { describe: () => API });
  expect(goals).toEqual([
    {
      name: "g",
      checks: ["c"],
      proof: {
        parts: [expect.stringMatching(/^Write a note about \*+$/), "delete it"],
        unproven: ["delete it"],
        accepted: [expect.stringMatching(/^Write a note about \*+$/)],
      },
    },
  ]);
});
