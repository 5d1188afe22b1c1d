import fc from "fast-check";
import { expect, test } from "vitest";
import { publishedServices } from "./published-services.ts";

test("services with a published port are reached there, whatever form it is written in", () => {
  const text = `services:
  short: { ports: ["8080:80"] }
  bound: { ports: ["127.0.0.1:8081:80/tcp"] }
  long: { ports: [{ target: 80, published: "8082" }] }
  chosen: { ports: ["\${PORT:-8083}:80", "9:9"] }
  default: { ports: ["\${OTHER:-8084}:80"] }
  drawn: { ports: ["80"] }
  udp: { ports: ["53:53/udp"] }
  number: { ports: [3000] }
  inner: { expose: [80] }
  nothing:
`;
  expect(publishedServices(text, { PORT: "7000" })).toEqual([
    { name: "short", url: "http://127.0.0.1:8080" },
    { name: "bound", url: "http://127.0.0.1:8081" },
    { name: "long", url: "http://127.0.0.1:8082" },
    { name: "chosen", url: "http://127.0.0.1:7000" },
    { name: "default", url: "http://127.0.0.1:8084" },
  ]);
});

test("what is no Compose file has no services", () => {
  for (const text of [
    "",
    "services: 3",
    "services: [a]",
    "a: [",
    "[]",
    "services: { a: { ports: { x: 1 } } }",
  ])
    expect(publishedServices(text, {})).toEqual([]);
});

test("whatever stands in it, every address is one of this machine", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (value, name) => {
      const text = JSON.stringify({ services: { [name]: { ports: [value] } } });
      for (const { url } of publishedServices(text, {})) expect(new URL(url).hostname).toBe("127.0.0.1");
    }),
  );
});
