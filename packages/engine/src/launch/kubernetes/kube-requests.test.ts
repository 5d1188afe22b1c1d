import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { KubeRequests, type RetryOptions } from "./kube-requests.ts";

type Answer = number | "cut" | "half";
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A client of a server that gives these answers in order, the last one for ever. */
async function clientOf(answers: Answer[], patience: RetryOptions = {}, renew?: () => void) {
  const asked: (string | undefined)[] = [];
  const server = createServer(({ headers, socket }, outgoing) => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    asked.push(headers.authorization);
    if (answer === "cut") socket.destroy();
    else if (answer === "half") {
      outgoing.writeHead(200, { "content-length": 100 });
      outgoing.write("half", () => socket.destroy());
    } else outgoing.writeHead(answer ?? 500, { date: "Tue, 01 Jan 2030 00:00:00 GMT" }).end(String(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  let token = 0;
  const requests = new KubeRequests(
    {
      server: `http://127.0.0.1:${port}`,
      namespace: "team",
      authorization: async () => `Bearer ${token}`,
      ...(renew === undefined
        ? {}
        : {
            renew: () => {
              token += 1;
              renew();
            },
          }),
    },
    patience,
  );
  closing.push(async () => {
    await requests.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const send = () => requests.send({ method: "GET", path: "/x" }, (answer) => answer.body.text());
  return { requests, send, asked };
}

test("an API that goes away after it has answered is asked again until it is back, and that is reported once", async () => {
  const away: string[] = [];
  const { send, asked } = await clientOf([200, "cut", 503, "half", 201], {
    onAway: (message) => void away.push(message),
  });
  await send();
  expect(await send()).toEqual({ status: 201, content: "201" });
  expect(asked).toHaveLength(5);
  expect(away).toEqual([expect.stringMatching(/does not answer .*: trying again$/)]);
});

test("an API that has never answered is reported at once, unless its client is patient", async () => {
  const hasty = await clientOf(["cut", 200]);
  await expect(hasty.send()).rejects.toMatchObject({
    code: "CONTAINERS_FAILED",
    message: expect.stringContaining("does not answer") as string,
  });
  const patient = await clientOf(["cut", 200], { isPatient: true });
  expect(await patient.send()).toMatchObject({ status: 200 });
});

test("patience ends: with the error, or with the last refusal", async () => {
  const cut = await clientOf(["cut"], { isPatient: true, patienceMs: 50 });
  await expect(cut.send()).rejects.toThrow(/does not answer/);
  const busy = await clientOf([503], { isPatient: true, patienceMs: 50 });
  expect(await busy.send()).toEqual({ status: 503, content: "503" });
});

test("a client that is closed repeats nothing any more", async () => {
  const { requests, send, asked } = await clientOf([200, "cut"], { patienceMs: 60_000 });
  await send();
  const refused = expect(send()).rejects.toThrow(/does not answer/);
  await expect.poll(() => asked.length).toBeGreaterThan(1);
  await requests.close();
  await refused;
});

test("a refused credential is renewed once for each request", async () => {
  let renewed = 0;
  const { send, asked } = await clientOf([401, 200, 401], {}, () => {
    renewed += 1;
  });
  expect(await send()).toMatchObject({ status: 200 });
  expect(asked).toEqual(["Bearer 0", "Bearer 1"]);
  expect(await send()).toMatchObject({ status: 401 });
  expect(renewed).toBe(2);
});

test("the time is that of the cluster's answers", async () => {
  const { requests, send } = await clientOf([200]);
  await send();
  const aheadMs = requests.now() - Date.parse("2030-01-01T00:00:00Z");
  expect(aheadMs).toBeGreaterThanOrEqual(0);
  expect(aheadMs).toBeLessThan(5_000);
});
