import type { InferenceConfig } from "@ape/core/config/inference";
import type { ModelTransport } from "@ape/core/protocol/chat";
import type { Planner } from "@ape/planner/planner";
import { createInference, type Inference } from "../src/inference.ts";
import { createModelClient } from "../src/server/client.ts";
import { serveInference } from "../src/server/server.ts";
import { realClock } from "./clock.ts";
import { RecordedEvents } from "./peer.ts";

/** A way of an agent to its model, and the events that it leaves. */
export interface OpenedTransport {
  transport: ModelTransport;
  kept: RecordedEvents;
}

export type OpenTransport = (config: InferenceConfig, planner?: Planner) => Promise<OpenedTransport>;

const opened: { close(): Promise<void> }[] = [];

/** Remembers what a test opened, for {@link closeAll}. */
export function closeAfterEach(...closeable: { close(): Promise<void> }[]): void {
  opened.push(...closeable);
}

/** Closes what a test opened, the last first. */
export async function closeAll(): Promise<void> {
  for (const one of opened.splice(0).reverse()) await one.close();
}

async function proxy(
  config: InferenceConfig,
  planner?: Planner,
): Promise<{ inference: Inference; kept: RecordedEvents }> {
  const kept = new RecordedEvents();
  const inference = await createInference({
    config,
    clock: realClock,
    recorder: kept,
    prefix: "p0",
    ...(planner === undefined ? {} : { planner }),
  });
  closeAfterEach(inference);
  return { inference, kept };
}

async function inProcess(config: InferenceConfig, planner?: Planner): Promise<OpenedTransport> {
  const { inference, kept } = await proxy(config, planner);
  return { transport: inference.transport, kept };
}

async function overHttp(config: InferenceConfig, planner?: Planner): Promise<OpenedTransport> {
  const { inference, kept } = await proxy(config, planner);
  const server = await serveInference({ inference, port: 0, token: "run-token" });
  const client = createModelClient({ baseUrl: `${server.url}/v1`, token: "run-token", clock: realClock });
  closeAfterEach(server, client);
  return { transport: client, kept };
}

/** Every implementation of ModelTransport: one suite is run against each. */
export const MODEL_TRANSPORTS: readonly (readonly [string, OpenTransport])[] = [
  ["in process", inProcess],
  ["over HTTP", overHttp],
];
