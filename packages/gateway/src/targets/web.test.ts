import { afterEach, expect, test } from "vitest";
import { Rig } from "../../test/rig.ts";

const rig = new Rig();
afterEach(() => rig.close());
type Seen = {
  method: string;
  url: string;
  cookie: string | undefined;
  body: string;
  origin: string | undefined;
};

/** Serves redirects and pages by path; records what came. */
async function serve(
  routes: Record<string, { status?: number; location?: string; cookies?: string[]; body?: string }>,
) {
  const seen: Seen[] = [];
  const url = await rig.serve((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      body += part;
    });
    request.on("end", () => {
      const { method = "", url: path = "", headers } = request;
      seen.push({ method, url: path, cookie: headers.cookie, body, origin: headers.origin });
      const { status = 200, location, cookies = [], body: text = "" } = routes[path] ?? { status: 404 };
      if (cookies.length > 0) response.setHeader("set-cookie", cookies);
      response
        .writeHead(status, {
          "content-type": "text/html; charset=utf-8",
          ...(location === undefined ? {} : { location }),
        })
        .end(text);
    });
  });
  return { url, seen };
}

test("redirects are followed with the cookies they set; all of them reach the session; times add up", async () => {
  const { url, seen } = await serve({
    "/app/login": {
      status: 303,
      location: "/app/a",
      cookies: ["sid=new; Path=/; HttpOnly", "old=; Max-Age=0"],
    },
    "/app/a": { status: 302, location: "b?x=1", cookies: ["hop=1"] },
    "/app/b?x=1": { body: "<title>Home</title>hello", cookies: ["last=1; Path=/app"] },
  });
  const gateway = await rig.open({ kind: "web", baseUrl: `${url}/app` });
  const result = await rig.call(gateway, {
    method: "POST",
    path: "/login",
    data: { user: "a b", pw: "c" },
    headers: { cookie: "sid=old; old=1", "content-type": "application/x-www-form-urlencoded" },
  });
  expect(result).toMatchObject({
    status: 200,
    operation: "POST /login",
    body: { kind: "page", page: { title: "Home", path: "/b?x=1", text: "hello" } },
  });
  expect(seen.map(({ method, url: path, cookie, body }) => [method, path, cookie, body])).toEqual([
    ["POST", "/app/login", "sid=old; old=1", "user=a+b&pw=c"],
    ["GET", "/app/a", "sid=new", ""],
    ["GET", "/app/b?x=1", "sid=new; hop=1", ""],
  ]);
  expect(seen[0]?.origin).toBe(url);
  expect(result.headers["set-cookie"]).toEqual([
    "sid=new; Path=/; HttpOnly",
    "old=; Max-Age=0; Path=/app",
    "hop=1; Path=/app",
    "last=1; Path=/app",
  ]);
  expect(result.attempts).toHaveLength(3);
});

test.each(["http://evil.test/", "//evil.test/", "/outside", "https://127.0.0.1/app/", "javascript:1"])(
  "a redirect to %s is shown, not followed",
  async (location) => {
    const { url, seen } = await serve({ "/app/x": { status: 302, location } });
    const result = await rig.call(await rig.open({ kind: "web", baseUrl: `${url}/app` }), { path: "/x" });
    expect(result).toMatchObject({
      status: 302,
      headers: { location },
      warning: expect.stringContaining("was not followed"),
      unfollowed: true,
    });
    expect(seen).toHaveLength(1);
  },
);

test("307 keeps the method and the body; what is denied is not redirected to; circles end", async () => {
  const { url, seen } = await serve({
    "/old": { status: 307, location: "/new" },
    "/new": { body: "ok" },
    "/go": { status: 302, location: "/admin/x" },
    "/round": { status: 302, location: "/round" },
  });
  const gateway = await rig.open({ kind: "web", baseUrl: url, deny: ["* /admin/**"] });
  await rig.call(gateway, { method: "POST", path: "/old", data: { a: "1" } });
  expect(seen.map(({ method, url: path, body }) => [method, path, body])).toEqual([
    ["POST", "/old", "a=1"],
    ["POST", "/new", "a=1"],
  ]);
  expect(await rig.call(gateway, { path: "/go" })).toMatchObject({
    status: 302,
    warning: "the redirect leads to what agents may not ask for and was not followed",
    unfollowed: true,
  });
  expect((await rig.call(gateway, { path: "/round" })).error?.code).toBe("contract");
  expect(seen.filter(({ url: path }) => path.startsWith("/admin"))).toEqual([]);
  expect(seen.filter(({ url: path }) => path === "/round")).toHaveLength(11);
  expect((await rig.call(gateway, { path: "/admin/x" })).error?.code).toBe("denied");
  const reader = await rig.open({ kind: "web", baseUrl: url, readOnly: true });
  expect((await rig.call(reader, { method: "POST", path: "/old", data: {} })).error?.code).toBe("denied");
});

test("what is no HTML stays what it is", async () => {
  const url = await rig.serve((_, response) =>
    response.writeHead(200, { "content-type": "application/json" }).end('{"a":1}'),
  );
  expect((await rig.call(await rig.open({ kind: "web", baseUrl: url }))).body).toMatchObject({
    kind: "json",
  });
});

test("a login form that comes back with status 200 is a failed action, and its page stays readable", async () => {
  const { url } = await serve({
    "/login": {
      body: "<form method=post action=/login><input name=user><input type=password name=pw><button>Log in</button></form>",
    },
    "/home": { status: 303, location: "/welcome" },
    "/welcome": { body: "<p>Hello</p>" },
  });
  const gateway = await rig.open({ kind: "web", baseUrl: url });
  const send = (path: string) =>
    rig.call(gateway, {
      method: "POST",
      path,
      data: { user: "ada", pw: "guess" },
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
  expect(await send("/login")).toMatchObject({
    status: 200,
    error: { code: "failure", like: 401 },
    body: { kind: "page", page: { forms: [{ path: "/login" }] } },
  });
  expect((await send("/home")).error).toBeUndefined();
});

test("a form that a redirect leads to a sign-in page, and an empty answer to a login, are no successes", async () => {
  const { url } = await serve({
    "/topics": { status: 302, location: "/login?next=/topics" },
    "/login?next=/topics": {
      body: "<form method=post action=/login><input name=user><input type=password name=pw><button>Log in</button></form>",
    },
    "/login": { body: "" },
  });
  const gateway = await rig.open({ kind: "web", baseUrl: url });
  const send = (path: string, data: Record<string, string>) =>
    rig.call(gateway, { method: "POST", path, data });
  expect((await send("/topics", { title: "Hi" })).error).toMatchObject({ like: 401, reading: "signed_out" });
  expect((await send("/login", { user: "ada", pw: "guess" })).error).toMatchObject({ reading: "unproven" });
});
