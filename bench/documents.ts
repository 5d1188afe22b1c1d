import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OperationCatalog } from "@ape/catalog/operations/operation-catalog";
import { targetSchema } from "@ape/core/config/target";
import type { Clock } from "@ape/core/lib/clock";
import { renderApi } from "@ape/core/protocol/api";
import { createGateway } from "@ape/gateway/gateway";
import { parseApi } from "@ape/planner/prompt/api-reader";
import { type BenchResult, machine, median, spread, stealMeter } from "./result.ts";

const ROUNDS = 5;
const OPERATIONS = 1_500;
const SCHEMAS = 50;
const REFERENCES = 20;

const clock: Clock = {
  now: () => performance.now(),
  epoch: () => Date.now(),
  sleep: () => Promise.resolve(),
};

/** How the schemas of a generated document refer to one another. */
export type Composition = "properties" | "allOf" | "oneOf";

/**
 * An OpenAPI document of 1,500 operations and 50 schemas that refer to one another 20 times each, cycles included.
 * @returns its JSON text, about 760 kB
 */
function largeDocument(composition: Composition): string {
  const reference = (index: number) => ({ $ref: `#/components/schemas/S${index % SCHEMAS}` });
  const schemas: Record<string, unknown> = {};
  for (let index = 0; index < SCHEMAS; index += 1) {
    const others = Array.from({ length: REFERENCES }, (_, step) => reference(index + step * 7 + 1));
    const own = { [`name${index}`]: { type: "string", description: `Name of a thing of kind ${index}.` } };
    schemas[`S${index}`] =
      composition === "properties"
        ? {
            type: "object",
            properties: {
              ...own,
              ...Object.fromEntries(others.map((other, step) => [`part${step}`, other])),
            },
          }
        : { type: "object", properties: own, [composition]: others };
  }
  const paths: Record<string, unknown> = {};
  for (let index = 0; index < OPERATIONS / 2; index += 1) {
    const content = { "application/json": { schema: reference(index) } };
    paths[`/things${index}/{id}`] = {
      parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
      get: {
        operationId: `getThing${index}`,
        summary: `Show a thing of kind ${index}`,
        description: "Answers with the thing, all of its parts included, whoever has made it.",
        responses: { "200": { description: "The thing", content } },
      },
      put: {
        operationId: `putThing${index}`,
        summary: `Replace a thing of kind ${index}`,
        description: "Replaces the thing by what is sent, and answers with what it is from then on.",
        requestBody: { required: true, content },
        responses: { "200": { description: "The thing", content } },
      },
    };
  }
  return JSON.stringify({
    openapi: "3.0.3",
    info: { title: "Generated", version: "1" },
    paths,
    components: { schemas },
  });
}

/** Time to prepare a large document: to read it, describe its operations and render them for a model; and for the simulated model, once, to index them. */
export async function documents(log: (line: string) => void): Promise<BenchResult> {
  const stolen = stealMeter();
  const directory = await mkdtemp(join(tmpdir(), "ape-bench-"));
  const times: Record<Composition, number[]> = { properties: [], allOf: [], oneOf: [] };
  let bytes = 0;
  let firstCatalogue = Number.NaN;
  try {
    for (const composition of Object.keys(times) as Composition[]) {
      const text = largeDocument(composition);
      bytes = Math.max(bytes, text.length);
      await writeFile(join(directory, `${composition}.json`), text);
    }
    const baseUrl = "http://127.0.0.1:9";
    for (let round = 0; round < ROUNDS; round += 1)
      for (const composition of Object.keys(times) as Composition[]) {
        const began = performance.now();
        const api = targetSchema.parse({ baseUrl, spec: `${composition}.json` });
        const gateway = await createGateway({ targets: { api }, clock, baseDir: directory });
        const text = renderApi(gateway.describe("api"));
        const ms = performance.now() - began;
        if (Number.isNaN(firstCatalogue)) {
          const read = performance.now();
          new OperationCatalog(parseApi(text));
          firstCatalogue = performance.now() - read;
        }
        await gateway.close();
        times[composition].push(ms);
        log(`round ${round + 1}: ${composition} ${Math.round(ms)} ms, ${text.length} characters`);
      }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  return {
    name: "documents",
    machine: machine(),
    figures: {
      propertiesMs: Math.round(median(times.properties)),
      allOfMs: Math.round(median(times.allOf)),
      oneOfMs: Math.round(median(times.oneOf)),
      simulatedModelMs: Math.round(firstCatalogue),
      documentKb: Math.round(bytes / 1_000),
      stealPct: stolen(),
    },
    ratios: {},
    notes: (Object.keys(times) as Composition[]).map(
      (composition) =>
        `${OPERATIONS} operations, references in ${composition}: ${spread(times[composition])} ms (at most 2000)`,
    ),
  };
}
