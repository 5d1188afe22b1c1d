import { ApeError } from "@ape/core/lib/errors";
import { expect, test } from "vitest";
import { type ContainerPorts, startOnFreePorts } from "./container-ports.ts";

function failed(line: string): ApeError {
  return new ApeError("CONTAINERS_FAILED", "docker compose up failed", { details: ["nats Starting", line] });
}

/** Starts with ports that count up from 4001; the first attempts fail with what `says` returns. */
async function attemptsWith(
  says: (ports: ContainerPorts) => unknown,
  failures: number,
): Promise<{ tried: ContainerPorts[]; thrown: unknown }> {
  let port = 4000;
  const tried: ContainerPorts[] = [];
  const thrown = await startOnFreePorts(
    async (ports) => {
      tried.push(ports);
      if (tried.length <= failures) throw says(ports);
    },
    async () => {
      port += 1;
      return port;
    },
  ).catch((error: unknown) => error);
  return { tried, thrown };
}

test.each([
  ({ gateway }: ContainerPorts) => `Bind for 127.0.0.1:${gateway} failed: port is already allocated`,
  ({ nats }: ContainerPorts) =>
    `failed to bind host port for 127.0.0.1:${nats}:172.18.0.2:4222/tcp: address already in use`,
  ({ nats }: ContainerPorts) =>
    `Error response from daemon: Ports are not available: exposing port TCP 127.0.0.1:${nats} -> 0.0.0.0:0`,
])("a port that another program took meanwhile is replaced", async (says) => {
  expect(await attemptsWith((ports) => failed(says(ports)), 2)).toEqual({
    tried: [
      { nats: 4001, gateway: 4002 },
      { nats: 4003, gateway: 4004 },
      { nats: 4005, gateway: 4006 },
    ],
    thrown: undefined,
  });
});

test("after three attempts the error is thrown", async () => {
  const { tried, thrown } = await attemptsWith(
    ({ nats }) => failed(`Bind for 127.0.0.1:${nats} failed: port is already allocated`),
    3,
  );
  expect(tried).toHaveLength(3);
  expect(thrown).toMatchObject({ code: "CONTAINERS_FAILED" });
});

test.each([
  failed("Bind for 127.0.0.1:9090 failed: port is already allocated"),
  failed("Bind for 127.0.0.1:40010 failed: port is already allocated"),
  failed("manifest unknown: 127.0.0.1:4001"),
  new Error("Bind for 127.0.0.1:4001 failed: port is already allocated"),
])("other errors, such as Prometheus' own port, end the first attempt: %s", async (error) => {
  expect(await attemptsWith(() => error, 3)).toEqual({
    tried: [{ nats: 4001, gateway: 4002 }],
    thrown: error,
  });
});
