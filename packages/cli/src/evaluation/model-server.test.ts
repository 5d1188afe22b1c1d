import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { requireModelServer } from "./model-server.ts";

async function withPort(use: (port: number, close: () => Promise<void>) => Promise<void>): Promise<void> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  let open = true;
  const close = async (): Promise<void> => {
    if (open) await new Promise((resolve) => server.close(resolve));
    open = false;
  };
  await use((server.address() as AddressInfo).port, close);
  await close();
}

test("a closed port is an error that names the address, an open one is none", () =>
  withPort(async (port, close) => {
    const url = `http://127.0.0.1:${port}/v1`;
    await expect(requireModelServer(url, false)).resolves.toBeUndefined();
    await close();
    await expect(requireModelServer(url, false)).rejects.toMatchObject({
      code: "MODEL_UNUSABLE",
      message: expect.stringContaining(url),
    });
    await expect(requireModelServer(url, true)).resolves.toBeUndefined();
  }));

test("a name that does not resolve is an error", async () => {
  await expect(requireModelServer("https://no-such-model.invalid/v1", false)).rejects.toMatchObject({
    code: "MODEL_UNUSABLE",
  });
});
