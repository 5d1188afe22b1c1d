import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inference as schema } from "@ape/core/config/inference";
import { afterEach, expect, test } from "vitest";
import { callOf, chat, configFor, GOOD, json, openPeer, stream } from "../testing/peer.ts";
import { closeAll, opens, WAYS } from "../testing/ways.ts";
import { loadKeys, sharedQuota } from "./key-ring.ts";

afterEach(closeAll);

test("keys come from the configuration and from a file, each once", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ape-keys-"));
  try {
    await writeFile(join(folder, "keys"), "# ours\nsk-c  beta\n\nsk-d # spare\r\nsk-a\n");
    const config = schema.parse({
      provider: "cerebras",
      apiKey: "sk-a",
      apiKeys: ["sk-b", { key: "sk-e", organisation: "gamma" }],
      keyFile: "keys",
      organisation: "alpha",
    });
    const keys = await loadKeys(config, folder);
    expect(keys).toEqual([
      { key: "sk-a", organisation: "alpha" },
      { key: "sk-b", organisation: "alpha" },
      { key: "sk-e", organisation: "gamma" },
      { key: "sk-c", organisation: "beta" },
      { key: "sk-d", organisation: "alpha" },
    ]);
    expect(sharedQuota(keys)).toContain("5 keys of 3 organisations");
    expect(sharedQuota(keys.slice(1, 4))).toBeUndefined();
    expect(sharedQuota([])).toBeUndefined();
    await expect(loadKeys({ ...config, keyFile: "none" }, folder)).rejects.toMatchObject({
      code: "FILE_MISSING",
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each(WAYS)(
  "a second key answers where the first is refused, and neither is told, %s",
  async (_name, open) => {
    const peer = await openPeer((response, { headers }) => {
      if (headers.authorization === "Bearer sk-second-key") stream(response, GOOD);
      else json(response, 401, { message: `wrong key ${headers.authorization}` });
    });
    opens(peer);
    const { transport, kept } = await open(configFor(peer.url, { apiKeys: ["sk-second-key"] }));
    const answers = [await transport.complete(callOf(chat())), await transport.complete(callOf(chat()))];
    expect(answers.map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(peer.received.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer sk-very-secret",
      "Bearer sk-second-key",
      "Bearer sk-second-key",
    ]);
    expect(kept.logs).toEqual([
      "custom refused key 1 of 2 with 401: it is not valid; it is not used any more",
    ]);
    expect(JSON.stringify(kept)).not.toMatch(/sk-(very|second)/);
  },
);
