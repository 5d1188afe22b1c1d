import { diagnoseConfig } from "@ape/core/config/parse";
import type { Imported } from "./imported.ts";

/** What a file says of load and thresholds, by the keys of the configuration. */
const PARTS = ["agents", "duration", "stages", "thresholds"] as const;

/**
 * An import without what the configuration would refuse of its load and thresholds: each is listed, so that one odd
 * option never refuses a file.
 */
export function withUsableLoad(imported: Imported): Imported {
  const usable: Imported = { ...imported, left: [...imported.left] };
  for (const part of PARTS) {
    const value = imported[part];
    if (value === undefined) continue;
    const problem = problemOf(part, value);
    if (problem === undefined) continue;
    usable.left.push(`${part}: ${problem}`);
    delete usable[part];
  }
  return usable;
}

function problemOf(part: (typeof PARTS)[number], value: unknown): string | undefined {
  const usual = { agents: 1, duration: "1s" };
  const load =
    part === "stages" ? { stages: value } : part === "thresholds" ? usual : { ...usual, [part]: value };
  const config = {
    version: 1,
    targets: { target: { baseUrl: "http://127.0.0.1:1" } },
    inference: { provider: "simulated" },
    goals: [{ name: "goal", prompt: "Go.", success: [{ action: { operation: "GET /" } }] }],
    load,
    ...(part === "thresholds" ? { thresholds: value } : {}),
  };
  return diagnoseConfig(JSON.stringify(config), {}).problems[0]?.message;
}
