import { expect, test } from "vitest";
import { cachedDnsLookup } from "./cached-dns-lookup.ts";

type Answer = (error: Error | null, address: unknown, family?: number) => void;

test("every connection gets the address, in the form that it asks for; an unknown name is told", async () => {
  const lookup = cachedDnsLookup();
  const ask = (name: string, options: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const answer: Answer = (error, address) => (error === null ? resolve(address) : reject(error));
      lookup(name, options, answer as Parameters<typeof lookup>[2]);
    });
  const [one, all] = await Promise.all([ask("localhost", {}), ask("localhost", { all: true })]);
  expect(["127.0.0.1", "::1"]).toContain(one);
  expect(all).toContainEqual(expect.objectContaining({ address: one }));
  await expect(ask("no-such-name.invalid", {})).rejects.toMatchObject({ syscall: "getaddrinfo" });
});
