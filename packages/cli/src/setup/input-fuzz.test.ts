import { Buffer } from "node:buffer";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestBody } from "@ape/agent/memory/digest";
import { extractState } from "@ape/agent/memory/extraction";
import { parseConfig, parseGatewayConfig } from "@ape/core/config/parse";
import { decodeText } from "@ape/core/lib/charset";
import { ApeError } from "@ape/core/lib/errors";
import { type Random, randomFrom } from "@ape/core/lib/random";
import { renderApi } from "@ape/core/protocol/api";
import { readTable } from "@ape/engine/data/table";
import { systemClock as clock } from "@ape/engine/host/clock";
import { parseEnvironment } from "@ape/engine/host/environment-file";
import { createGateway, type Gateway } from "@ape/gateway/gateway";
import { readPage } from "@ape/gateway/web/page";
import { importHar } from "@ape/setup/import/har";
import { importK6 } from "@ape/setup/import/k6";
import { importPostman } from "@ape/setup/import/postman";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { GOOD_CONFIG, GOOD_FILES } from "../../test/broken.ts";
import * as samples from "../../test/input-samples.ts";
import { mutatedBytes, mutatedValue } from "../../test/mutation.ts";

/** Of all inputs together. */
const BUDGET_MS = Number(process.env.APE_FUZZ_MS ?? 8_000);
const LEAST_ROUNDS = 20;

let folder = "";
let gateway: Gateway | undefined;
let server: Server | undefined;
/** What the server answers to the next request. */
let answer: Uint8Array = Buffer.alloc(0);

const targetsOf = (text: string) => parseConfig(`${text}\n${samples.REST_OF_CONFIG}`, "c", {}).config.targets;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ape-inputs-"));
  for (const [name, text] of Object.entries(GOOD_FILES)) await writeFile(join(folder, name), text);
  const answering = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.end(answer));
  });
  server = answering;
  await new Promise<void>((resolve) => answering.listen(0, "127.0.0.1", resolve));
  const { port } = answering.address() as { port: number };
  const targets = targetsOf(
    `targets:\n  api: { baseUrl: "http://127.0.0.1:${port}", allow: ["* /**"], retries: { attempts: 1 }, timeouts: { connect: 1s, firstByte: 1s, total: 2s } }`,
  );
  gateway = await createGateway({ targets, clock, baseDir: folder });
});
afterAll(async () => {
  await gateway?.close();
  server?.close();
  await rm(folder, { recursive: true });
});

async function openTarget(target: string): Promise<void> {
  const opened = await createGateway({
    targets: targetsOf(`targets: { api: ${target} }`),
    clock,
    baseDir: folder,
  });
  try {
    renderApi(opened.describe("api"));
  } finally {
    await opened.close();
  }
}

async function readData(file: string, bytes: Uint8Array): Promise<void> {
  await writeFile(join(folder, file), bytes);
  await readTable({ file, unique: false, secret: [] }, folder);
}

const textOf = (bytes: Uint8Array): string => decodeText(bytes).text;

/** Reads bytes as one kind of input. */
type Reader = (bytes: Uint8Array) => unknown;

const INPUTS: Readonly<Record<string, { sample: string; structured?: "json" | "yaml"; read: Reader }>> = {
  configuration: {
    sample: GOOD_CONFIG,
    structured: "yaml",
    read: (bytes) => parseConfig(textOf(bytes), "ape.config.yaml", { NAME: "x" }),
  },
  "gateway's configuration": {
    sample: samples.GATEWAY,
    structured: "json",
    read: (bytes) => parseGatewayConfig(textOf(bytes), "ape.mcp-gateway.json", { NAME: "1" }),
  },
  "OpenAPI document": {
    sample: samples.OPENAPI,
    structured: "yaml",
    read: async (bytes) => {
      await writeFile(join(folder, "fuzz.yaml"), bytes);
      await openTarget('{ baseUrl: "http://127.0.0.1:9", spec: ./fuzz.yaml }');
    },
  },
  "GraphQL schema": {
    sample: samples.GRAPHQL,
    read: async (bytes) => {
      await writeFile(join(folder, "fuzz.graphql"), bytes);
      await openTarget('{ kind: graphql, baseUrl: "http://127.0.0.1:9/graphql", spec: ./fuzz.graphql }');
    },
  },
  HAR: { sample: samples.HAR, structured: "json", read: (bytes) => importHar(textOf(bytes), "a.har") },
  "Postman collection": {
    sample: samples.POSTMAN,
    structured: "json",
    read: (bytes) =>
      importPostman(textOf(bytes), "a.json", {
        text: textOf(bytes).replace('"variable"', '"values"'),
        file: "e.json",
      }),
  },
  "k6 script": { sample: samples.K6, read: (bytes) => importK6(textOf(bytes), "a.js") },
  "CSV file": { sample: samples.CSV, read: (bytes) => readData("fuzz.csv", bytes) },
  "JSON data file": {
    sample: samples.ROWS,
    structured: "json",
    read: (bytes) => readData("fuzz.json", bytes),
  },
  "environment file": {
    sample: samples.ENVIRONMENT,
    read: (bytes) =>
      parseConfig(
        GOOD_CONFIG.replace("agents: 3", "agents: ${AGENTS:-3}"),
        "c",
        parseEnvironment(textOf(bytes)),
      ),
  },
  "HTML page": {
    sample: samples.PAGE,
    read: (bytes) => {
      const place = {
        base: "",
        url: (path: string) => new URL(path, "http://127.0.0.1/"),
        path: (url: URL) => url.pathname,
      };
      const page = readPage(textOf(bytes), new URL("http://127.0.0.1/"), place as never);
      digestBody({ kind: "page", page, bytes: bytes.length, cut: false });
    },
  },
  "HTTP answer": {
    sample: samples.ANSWER,
    read: async (bytes) => {
      answer = bytes;
      const result = await gateway?.transport.call({ target: "api", method: "GET", path: "/a" });
      // A defect of the gateway itself.
      expect(result?.error?.code, result?.error?.message).not.toBe("gateway");
      if (result?.body.kind === "json") extractState(result.body.json, undefined, true);
      if (result !== undefined) digestBody(result.body);
    },
  },
};

/** YAML text; JSON, which is YAML too, where the value is nested too deep for the writer. */
function yamlOf(value: unknown): string | undefined {
  try {
    return stringify(value);
  } catch {
    return JSON.stringify(value);
  }
}

function inputOf(sample: string, structured: "json" | "yaml" | undefined, random: Random): Uint8Array {
  if (structured === undefined || random() < 0.5) return mutatedBytes(sample, random);
  const value = mutatedValue(structured === "json" ? JSON.parse(sample) : parse(sample), random);
  const text = structured === "json" || random() < 0.5 ? JSON.stringify(value) : yamlOf(value);
  return random() < 0.2 ? mutatedBytes(text ?? "", random) : Buffer.from(text ?? "");
}

test.each(Object.entries(INPUTS))(
  "whatever a %s holds, it is read, or refused with a code, a message and the next step",
  { timeout: BUDGET_MS + 30_000 },
  async (name, { sample, structured, read }) => {
    await read(Buffer.from(sample));
    const seed = Number(process.env.APE_FUZZ_SEED ?? Date.now() % 1_000_000);
    const end = performance.now() + BUDGET_MS / Object.keys(INPUTS).length;
    for (let round = 0; round < LEAST_ROUNDS || performance.now() < end; round += 1) {
      const bytes = inputOf(sample, structured, randomFrom(seed + round));
      const shown = `APE_FUZZ_SEED=${seed + round} ${name}\n${Buffer.from(bytes).toString("utf8").slice(0, 4_000)}`;
      try {
        await read(bytes);
      } catch (thrown) {
        if (!(thrown instanceof ApeError)) throw new Error(shown, { cause: thrown });
        expect(thrown.code, shown).not.toBe("INTERNAL");
        expect(thrown.message, shown).toMatch(/./);
        expect(
          `${thrown.hint ?? ""}${thrown.details.join("")}`,
          `${thrown.code}: ${thrown.message}\n${shown}`,
        ).toMatch(/./);
      }
    }
  },
);
