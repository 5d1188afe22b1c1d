import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { proxyFor, readProxySettings } from "./proxy-settings.ts";

const proxied = (url: string, noProxy: string): boolean =>
  proxyFor(
    url,
    readProxySettings({ HTTP_PROXY: "p.example:3128", HTTPS_PROXY: "p.example:3128", NO_PROXY: noProxy }),
  ) !== undefined;

const THROUGH_HTTP = "http://shop.example/";
const THROUGH_HTTPS = "https://shop.example/";

describe("a proxy variable", () => {
  test.each([
    ["127.0.0.1:3128", "http://127.0.0.1:3128", undefined],
    ["proxy.example", "http://proxy.example", undefined],
    ["http://proxy.example:8080/", "http://proxy.example:8080", undefined],
    ["https://proxy.example", "https://proxy.example", undefined],
    ["http://[::1]:3128", "http://[::1]:3128", undefined],
    ["http://ada:p%40ss@proxy.example:3128", "http://proxy.example:3128", "ada:p@ss"],
    ["ada:secret@proxy.example:3128", "http://proxy.example:3128", "ada:secret"],
    ["http://ada:50%@proxy.example", "http://proxy.example", "ada:50%"],
    ["  proxy.example:1  ", "http://proxy.example:1", undefined],
  ])("%s is an address", (value, origin, credentials) => {
    const http = proxyFor(THROUGH_HTTP, readProxySettings({ HTTP_PROXY: value }));
    expect(http?.origin).toBe(origin);
    const shown = http?.authorization?.replace("Basic ", "");
    expect(shown === undefined ? undefined : Buffer.from(shown, "base64").toString()).toBe(credentials);
  });

  test.each(["http://", "socks5://127.0.0.1:1080", "http://a b", "127.0.0.1:99999", "ftp://x"])(
    "%s is refused by the variable's name, and not shown",
    (value) => {
      const settings = readProxySettings({ https_proxy: value });
      expect(() => proxyFor(THROUGH_HTTPS, settings)).toThrow(
        expect.objectContaining({ code: "CONFIG_INVALID", message: expect.stringContaining("https_proxy") }),
      );
    },
  );

  test("an empty one counts as unset, and ALL_PROXY serves for what the others leave out", () => {
    const settings = readProxySettings({
      HTTP_PROXY: "",
      http_proxy: "a:1",
      HTTPS_PROXY: " ",
      ALL_PROXY: "b:2",
    });
    expect([proxyFor(THROUGH_HTTP, settings)?.origin, proxyFor(THROUGH_HTTPS, settings)?.origin]).toEqual([
      "http://a:1",
      "http://b:2",
    ]);
  });

  test("that is missing is no setting", () => {
    expect(readProxySettings({})).toStrictEqual({ direct: [] });
    expect(readProxySettings({ no_proxy: " A,b  c," })).toStrictEqual({ direct: ["a", "b", "c"] });
  });

  test("in upper case wins over the other", () => {
    const settings = readProxySettings({ HTTP_PROXY: "a:1", http_proxy: "b:2", ALL_PROXY: "c:3" });
    expect(proxyFor(THROUGH_HTTP, settings)?.origin).toBe("http://a:1");
  });

  test.each([
    ["socks5://x:1", "names a socks5 proxy, which is not supported"],
    ["http://", "is no address of a proxy"],
    ['"http://x:1"', "is no address of a proxy"],
    ["'x:1'", "is no address of a proxy"],
    ["http:/x:1", "is no address of a proxy"],
    ["https:x", "is no address of a proxy"],
  ])("%s is refused with what is wrong and what to write", (value, problem) => {
    expect(() => proxyFor(THROUGH_HTTP, readProxySettings({ HTTP_PROXY: value }))).toThrow(
      expect.objectContaining({
        message: `the environment variable HTTP_PROXY ${problem}`,
        hint: "Write HTTP_PROXY as http://host:port, unset it, or name the host in NO_PROXY.",
      }),
    );
  });

  test.each([
    ["http://:p@a:1", ":p"],
    ["http://u@a:1", "u:"],
  ])("%s has the credentials %s", (value, credentials) => {
    expect(proxyFor(THROUGH_HTTP, readProxySettings({ HTTP_PROXY: value }))?.authorization).toBe(
      `Basic ${Buffer.from(credentials).toString("base64")}`,
    );
  });

  test("each scheme has its own", () => {
    const settings = readProxySettings({ HTTPS_PROXY: "b:2" });
    expect(proxyFor("http://x.example", settings)).toBeUndefined();
    expect(proxyFor("https://x.example", settings)?.origin).toBe("http://b:2");
  });
});

describe("NO_PROXY", () => {
  test.each([
    ["shop.example", "http://shop.example", false],
    ["shop.example", "http://api.shop.example", false],
    [".shop.example", "http://api.shop.example", false],
    ["*.shop.example", "http://api.shop.example", false],
    ["shop.example", "http://workshop.example", true],
    ["SHOP.Example", "http://shop.example", false],
    ["shop.example", "http://SHOP.EXAMPLE", false],
    ["shop.example.", "http://shop.example", false],
    ["shop.example", "http://shop.example./", false],
    ["a.example, shop.example", "http://shop.example", false],
    ["a.example shop.example", "http://shop.example", false],
    ["a.example,\t shop.example ,", "http://shop.example", false],
    ["shop.example:8080", "http://shop.example:8080", false],
    ["shop.example:8080", "http://shop.example", true],
    ["shop.example:443", "https://shop.example", false],
    ["shop.example:80", "http://shop.example", false],
    ["10.0.0.0/8", "http://10.1.2.3", false],
    ["10.0.0.0/8", "http://11.1.2.3", true],
    ["10.0.0.0/33", "http://10.1.2.3", true],
    ["10.0.0.0/8", "http://10.example", true],
    ["192.168.1.7", "http://192.168.1.7:8080", false],
    ["192.168.1.7:8080", "http://192.168.1.7:8080", false],
    ["192.168.1.7:81", "http://192.168.1.7:8080", true],
    ["10.0.0.0/8", "http://[::ffff:10.1.2.3]", false],
    ["2001:db8::1", "http://[2001:db8::1]", false],
    ["2001:DB8:0:0::1", "http://[2001:db8::1]", false],
    ["[2001:db8::1]", "http://[2001:db8::1]", false],
    ["[2001:db8::1]:80", "http://[2001:db8::1]", false],
    ["[2001:db8::1]:81", "http://[2001:db8::1]", true],
    ["2001:db8::/32", "http://[2001:db8::9]", false],
    ["2001:db9::/32", "http://[2001:db8::9]", true],
    ["bücher.example", "http://bücher.example", false],
    ["*", "https://anything.example", false],
    ["10.0.0.0/32", "http://10.0.0.0", false],
    ["10.0.0.0/0", "http://11.0.0.0", false],
    ["10.0.0.0/x", "http://10.0.0.0", true],
    ["::1/128", "http://[::2]", true],
    ["2001:db8::1/129", "http://[2001:db8::1]", true],
    ["x/8", "http://10.0.0.0", true],
    [".", "http://shop.example", true],
    ["*shop.example", "http://shop.example", true],
    ["shop.example:x", "http://shop.example", true],
    ["shop.example:443", "http://shop.example", true],
    ["shop.example:80", "https://shop.example", true],
    ["", "http://shop.example", true],
    ["none", "http://localhost:1", false],
    ["none", "http://127.3.2.1", false],
    ["none", "http://[::1]", false],
    ["none", "http://api.localhost", false],
  ])("%s: %s is proxied: %s", (noProxy, url, expected) => {
    expect(proxied(url, noProxy)).toBe(expected);
  });

  test("whatever it holds, it is read", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(typeof proxied("http://shop.example:8080", text)).toBe("boolean");
      }),
    );
  });
});

describe("a proxy that is not supported does not matter to what does not go through it", () => {
  test.each<[string, Record<string, string>]>([
    ["http://127.0.0.1:80/", { ALL_PROXY: "socks5://127.0.0.1:1080" }],
    ["https://localhost/", { HTTPS_PROXY: "http://" }],
    ["http://[::1]/", { HTTP_PROXY: "ftp://x" }],
    [THROUGH_HTTP, { ALL_PROXY: "socks5://127.0.0.1:1080", NO_PROXY: "*" }],
    [THROUGH_HTTP, { ALL_PROXY: "socks5://127.0.0.1:1080", no_proxy: "example" }],
    [THROUGH_HTTP, { HTTPS_PROXY: "socks5://127.0.0.1:1080" }],
  ])("%s with %j", (url, environment) => {
    expect(proxyFor(url, readProxySettings(environment))).toBeUndefined();
  });

  test("one beside it that serves", () => {
    const settings = readProxySettings({ HTTP_PROXY: "a:1", ALL_PROXY: "socks5://127.0.0.1:1080" });
    expect(proxyFor(THROUGH_HTTP, settings)?.origin).toBe("http://a:1");
    expect(() => proxyFor(THROUGH_HTTPS, settings)).toThrow("ALL_PROXY names a socks5 proxy");
  });
});
