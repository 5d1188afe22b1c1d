import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { judgeAddresses } from "./reachable.ts";

test("names are looked up, and addresses with a port connected to", async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const findings = await judgeAddresses([
    `127.0.0.1:${port}`,
    "localhost",
    "no-such-name.invalid:80",
    `[127.0.0.1]:${port}`,
  ]);
  await new Promise((resolve) => server.close(resolve));
  expect(findings).toEqual([
    { name: `127.0.0.1:${port}`, ok: true, message: "127.0.0.1 accepts connections" },
    { name: "localhost", ok: true, message: "DNS knows localhost" },
    {
      name: "no-such-name.invalid:80",
      ok: false,
      message: expect.stringMatching(/^DNS has no answer for no-such-name\.invalid \(E\w+\)$/) as string,
    },
    { name: `[127.0.0.1]:${port}`, ok: true, message: "127.0.0.1 accepts connections" },
  ]);
  expect(await judgeAddresses([`127.0.0.1:${port}`])).toEqual([
    { name: `127.0.0.1:${port}`, ok: false, message: "127.0.0.1 accepts no connection (ECONNREFUSED)" },
  ]);
});
