import { request as ask, createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { webRequest, writeWebResponse } from "./web-exchange.ts";

type Answer = (request: Request) => Response;
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server whose answers are the web's; `ended` tells how each was written. */
async function serve(answer: Answer): Promise<{ port: number; ended: Promise<unknown>[] }> {
  const ended: Promise<unknown>[] = [];
  const server = createServer((request, response) => {
    const asked = webRequest(request, "the body", new AbortController().signal);
    const written = writeWebResponse(answer(asked), response);
    ended.push(written.then(() => "whole").catch(() => "cut off"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, ended };
}

const get = (
  port: number,
  method = "GET",
  headers: Record<string, string[]> = {},
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    ask({ port, host: "127.0.0.1", path: "/mcp?a=1", method, headers }, resolve).on("error", reject).end();
  });
const textOf = async (answer: IncomingMessage): Promise<string> => {
  let text = "";
  for await (const part of answer) text += String(part);
  return text;
};

test("a request keeps its method, address and headers, and has its body where its method has one", async () => {
  const seen: string[] = [];
  const { port } = await serve((request) => {
    seen.push(`${request.method} ${new URL(request.url).search} ${request.headers.get("x-many")}`);
    return new Response(request.body, { status: 201, headers: { "x-said": "yes" } });
  });
  const posted = await get(port, "POST", { "x-many": ["one", "two"] });
  expect([posted.statusCode, posted.headers["x-said"], await textOf(posted)]).toEqual([
    201,
    "yes",
    "the body",
  ]);
  expect(await textOf(await get(port))).toBe("");
  expect(seen).toEqual(["POST ?a=1 one, two", "GET ?a=1 null"]);
});

test("an answer is handed on piece by piece, cookies apart, and without a body it is empty", async () => {
  let more: (() => void) | undefined;
  const { port, ended } = await serve(({ method }) => {
    if (method === "DELETE") return new Response(null, { status: 204 });
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(Buffer.from("first"));
        more = () => {
          controller.enqueue(Buffer.from(" second"));
          controller.close();
        };
      },
    });
    const headers = new Headers();
    headers.append("set-cookie", "a=1");
    headers.append("set-cookie", "b=2");
    return new Response(body, { headers });
  });
  const answer = await get(port);
  expect(answer.headers["set-cookie"]).toEqual(["a=1", "b=2"]);
  const first = await new Promise<string>((resolve) => answer.once("data", (part) => resolve(String(part))));
  expect(first).toBe("first");
  more?.();
  expect(await textOf(answer)).toBe(" second");
  expect((await get(port, "DELETE")).statusCode).toBe(204);
  expect(await Promise.all(ended)).toEqual(["whole", "whole"]);
});

test("a caller that hangs up ends the answer's body too", async () => {
  let cancelled: (reason: unknown) => void = () => undefined;
  const left = new Promise((resolve) => {
    cancelled = resolve;
  });
  const { port, ended } = await serve(
    () =>
      new Response(
        new ReadableStream<Uint8Array>({
          start: (controller) => controller.enqueue(Buffer.from("first")),
          cancel: cancelled,
        }),
      ),
  );
  const answer = await get(port);
  answer.on("error", () => undefined);
  answer.once("data", () => answer.destroy());
  await left;
  expect(await Promise.all(ended)).toEqual(["cut off"]);
});
