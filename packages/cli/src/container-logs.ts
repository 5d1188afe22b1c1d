import { DockerCompose } from "@ape/engine/launch/docker";
import { ROLE_SERVICES } from "@ape/setup/observability/services";
import type { Io } from "./io.ts";

export interface ContainerLogsOptions {
  follow?: boolean | undefined;
  tail?: number | undefined;
  since?: string | undefined;
  /** Only lines with all of these in them, such as a trace id. */
  holding: readonly string[];
}

/** The name that a service has among the containers: `gateway` is `mcp_gateway` there. */
export function containerService(name: string): string {
  return Object.hasOwn(ROLE_SERVICES, name) ? ROLE_SERVICES[name as keyof typeof ROLE_SERVICES] : name;
}

/**
 * Shows what the containers of a service wrote themselves, from Docker.
 * @throws ApeError CONTAINERS_FAILED
 */
export async function showContainerLogs(
  io: Io,
  directory: string,
  service: string | undefined,
  { follow, tail, since, holding }: ContainerLogsOptions,
): Promise<void> {
  const words = ["logs", "--no-color"];
  if (follow === true) words.push("--follow");
  if (tail !== undefined) words.push("--tail", String(tail));
  if (since !== undefined) words.push("--since", since);
  if (service !== undefined) words.push(containerService(service));
  const end = new AbortController();
  const deaf = io.onInterrupt(() => end.abort());
  try {
    await new DockerCompose(directory, io.env).lines(
      words,
      (line) => {
        if (io.out.closed) end.abort();
        else if (holding.every((text) => line.includes(text))) io.out.write(`${line}\n`);
      },
      end.signal,
    );
  } finally {
    deaf();
  }
}
