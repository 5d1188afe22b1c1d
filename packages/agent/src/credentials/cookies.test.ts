import fc from "fast-check";
import { expect, test } from "vitest";
import { Cookies } from "./cookies.ts";

const URL_ = "http://127.0.0.1:4010/a/b";
const named = (header: string): string[] => header.split("; ").map((pair) => pair.split("=")[0] ?? "");

test("a target cannot fill an agent's memory: the newest 50 cookies stay, none above 4096 bytes", () => {
  const cookies = new Cookies();
  for (let n = 0; n < 500; n += 1) cookies.keep(URL_, `c${n}=${n}; Path=/`);
  const kept = named(cookies.header(URL_));
  expect(kept.length).toBeLessThan(100);
  expect(kept).toContain("c499");
  expect(kept).not.toContain("c1");
  cookies.keep(URL_, `big=${"x".repeat(5_000)}; Path=/`);
  expect(cookies.header(URL_)).not.toContain("big=");
});

test("a cookie without a path belongs to the directory that set it, and one that expired is gone", () => {
  const cookies = new Cookies();
  cookies.keep(URL_, ["here=1", "gone=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "broken"]);
  expect(named(cookies.header("http://127.0.0.1:4010/a/c"))).toContain("here");
  expect(cookies.header("http://127.0.0.1:4010/z")).not.toContain("here");
  expect(cookies.header(URL_)).not.toContain("gone");
});

test("a secure cookie of a plain loopback target is kept, another host's is not", () => {
  const cookies = new Cookies();
  cookies.keep("http://localhost:4010/", "sid=1; Secure; Path=/; SameSite=Strict");
  expect(cookies.header("http://localhost:4010/x")).toBe("sid=1");
  cookies.keep(URL_, "other=1; Domain=example.com");
  expect(cookies.header(URL_)).toBe("");
});

const HOSTS = [
  "shop.example",
  "www.shop.example",
  "deep.www.shop.example",
  "shop.example.org",
  "otherop.example",
];
const PATHS = ["/", "/a", "/a/", "/a/b", "/ab", "/b/a"];

/** RFC 6265, section 5.1.3. */
const domainMatches = (host: string, domain: string): boolean =>
  host === domain || host.endsWith(`.${domain}`);
/** RFC 6265, section 5.1.4. */
const pathMatches = (path: string, cookie: string): boolean =>
  path === cookie || (path.startsWith(cookie) && (cookie.endsWith("/") || path[cookie.length] === "/"));

test("whatever is set where: a cookie goes to the hosts, paths and schemes that RFC 6265 gives it, and nowhere else", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...HOSTS),
      fc.option(fc.constantFrom(...HOSTS), { nil: undefined }),
      fc.constantFrom(...PATHS),
      fc.boolean(),
      fc.option(fc.integer({ min: -10, max: 3_600 }), { nil: undefined }),
      fc.constantFrom(...HOSTS),
      fc.constantFrom(...PATHS),
      fc.boolean(),
      (setter, domain, cookiePath, secure, maxAge, host, path, https) => {
        const cookies = new Cookies();
        const line = [
          "sid=1",
          `Path=${cookiePath}`,
          ...(domain === undefined ? [] : [`Domain=${domain}`]),
          ...(secure ? ["Secure"] : []),
          ...(maxAge === undefined ? [] : [`Max-Age=${maxAge}`]),
        ].join("; ");
        cookies.keep(`https://${setter}/`, line);
        const kept = domain === undefined || domainMatches(setter, domain);
        const goes =
          kept &&
          (domain === undefined ? host === setter : domainMatches(host, domain)) &&
          pathMatches(path, cookiePath) &&
          (!secure || https) &&
          (maxAge === undefined || maxAge > 0);
        expect(cookies.header(`${https ? "https" : "http"}://${host}${path}`)).toBe(goes ? "sid=1" : "");
      },
    ),
    { numRuns: 1_000 },
  );
});
