import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { guessKind } from "@ape/setup/answers/target-answer";
import { afterEach, expect, test } from "vitest";
import { setupEnvironmentOf } from "./setup-environment.ts";

const servers: Server[] = [];

/** A server that redirects from path to path, without a content type, and answers others with a page. */
async function serve(redirects: Record<string, string>): Promise<string> {
  const server = createServer((request, response) => {
    const to = redirects[request.url ?? ""];
    if (to === undefined)
      response.writeHead(200, { "content-type": "text/html" }).end(`<h1>${request.url}</h1>`);
    else response.writeHead(303, { location: to }).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const { read } = setupEnvironmentOf({ env: {}, cwd: "/" }, "/");

test("a first page that only redirects is read where it leads to", async () => {
  const url = await serve({
    "/": "/start",
    "/start": "login?next=/",
    "/loop": "/loop",
    "/away": "http://127.0.0.1:1/",
  });
  expect(await read(`${url}/`)).toMatchObject({
    status: 200,
    type: "text/html",
    text: "<h1>/login?next=/</h1>",
  });
  expect(await guessKind(url, { read })).toBe("web");
});

test("a redirect in a circle, or away from the origin, is the answer itself", async () => {
  const url = await serve({
    "/loop": "/loop",
    "/one": "/two",
    "/two": "/one",
    "/away": "http://127.0.0.1:1/",
  });
  expect(await read(`${url}/loop`)).toMatchObject({ status: 303 });
  expect(await read(`${url}/one`)).toMatchObject({ status: 303 });
  expect(await read(`${url}/away`)).toMatchObject({ status: 303 });
});
