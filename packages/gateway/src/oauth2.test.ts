import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "@ape/core/lib/clock";
import { afterEach, expect, test } from "vitest";
import { ClientCredentials } from "./oauth2.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A token endpoint that gives what it is told, and a clock that stands. */
async function rig(answers: { status?: number; body: unknown }[]) {
  const forms: string[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    request.on("end", () => {
      const { status = 200, body } = answers[Math.min(forms.length, answers.length - 1)] ?? { body: {} };
      forms.push(text);
      response.writeHead(status, { "content-type": "application/json" });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  let now = 0;
  const clock: Clock = { now: () => now, epoch: () => now, sleep: () => Promise.resolve() };
  const credentials = new ClientCredentials(
    {
      tokenUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
      clientId: "id",
      clientSecret: "secret",
      scope: "a b",
      audience: "shop",
    },
    clock,
    undefined,
  );
  return {
    credentials,
    forms,
    at: (ms: number) => {
      now = ms;
    },
  };
}

test("a token is kept until half a minute before its end, then renewed", async () => {
  const { credentials, forms, at } = await rig([
    { body: { access_token: "one", expires_in: 100 } },
    { body: { access_token: "two", expires_in: 100 } },
  ]);
  expect(await credentials.token()).toBe("one");
  at(69_000);
  expect(await credentials.token()).toBe("one");
  at(71_000);
  expect(await credentials.token()).toBe("two");
  expect(forms).toEqual(Array(2).fill("grant_type=client_credentials&scope=a+b&audience=shop"));
});

test("a token of a short life is renewed at half of it", async () => {
  const { credentials, at } = await rig([
    { body: { access_token: "one", expires_in: 10 } },
    { body: { access_token: "two", expires_in: 10 } },
  ]);
  await credentials.token();
  at(4_900);
  expect(await credentials.token()).toBe("one");
  at(5_100);
  expect(await credentials.token()).toBe("two");
});

test("while renewing fails, the old token serves until it really ends", async () => {
  const { credentials, at } = await rig([
    { body: { access_token: "one", expires_in: 100 } },
    { status: 503, body: {} },
  ]);
  await credentials.token();
  at(80_000);
  expect(await credentials.token()).toBe("one");
  at(101_000);
  await expect(credentials.token()).rejects.toThrow("answered 503");
});

test("a short token does not serve beyond its end either", async () => {
  const { credentials, at } = await rig([
    { body: { access_token: "one", expires_in: 10 } },
    { status: 500, body: {} },
  ]);
  await credentials.token();
  at(9_000);
  expect(await credentials.token()).toBe("one");
  at(11_000);
  await expect(credentials.token()).rejects.toThrow("answered 500");
});

test.each([{}, { access_token: "" }, { access_token: 7 }, []])("%j is no token", async (body) => {
  const { credentials } = await rig([{ body }]);
  await expect(credentials.token()).rejects.toThrow("no access_token");
});

test("a token may come with a byte-order mark, and with another status of success", async () => {
  const { credentials } = await rig([{ status: 201, body: '\ufeff{"access_token":"t-1"}' }]);
  expect(await credentials.token()).toBe("t-1");
});

test("an answer that is no JSON is not quoted", async () => {
  const { credentials } = await rig([{ body: "t-4711-secret" }]);
  await expect(credentials.token()).rejects.toThrow(/^the token endpoint's answer is no JSON$/);
});
