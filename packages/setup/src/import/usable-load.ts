import { diagnoseConfig } from "@ape/core/config/parse";
import type { Imported } from "./imported.ts";

/** Load and thresholds of a file, by the keys of the configuration. */
const PARTS = ["agents", "duration", "stages", "thresholds"] as const;

/**
 * An import without load and thresholds that the configuration would refuse: each is listed, so that one unusual option
 * never refuses a file.
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
