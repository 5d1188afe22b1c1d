import type { ApiDescription } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { OperationCatalog } from "./operation-catalog.ts";
import { catalogOf } from "./shared-catalog.ts";

const api = (target: string, count = 1): ApiDescription => ({
  target,
  title: target,
  kind: "rest",
  documented: true,
  auth: [],
  operations: Array.from({ length: count }, (_, index) => ({
    method: "POST",
    path: `/things${index}/{id}`,
    summary: `Make thing ${index}`,
    secured: false,
    fields: Array.from({ length: 60 }, (_, field) => ({
      in: "body" as const,
      name: `part${field}`,
      type: "string",
      required: false,
      description: "",
    })),
  })),
});

test("is one catalog for the same descriptions, whatever list holds them", () => {
  const [shop, stock] = [api("shop"), api("stock")];
  expect(catalogOf([shop, stock])).toBe(catalogOf([shop, stock]));
  expect(catalogOf([shop])).not.toBe(catalogOf([{ ...shop }]));
  expect(catalogOf([shop]).operations).toHaveLength(1);
  expect(catalogOf([shop, stock]).operations.map(({ target }) => target)).toEqual(["shop", "stock"]);
  expect(catalogOf([stock, shop]).operations.map(({ target }) => target)).toEqual(["stock", "shop"]);
  expect(catalogOf([]).operations).toEqual([]);
});

test("reads each field of a document without answers a bounded number of times", () => {
  const readings = (count: number): number => {
    let read = 0;
    const counted = api("shop", count);
    for (const operation of counted.operations)
      for (const field of operation.fields)
        Object.defineProperty(field, "in", {
          enumerable: true,
          get: () => {
            read += 1;
            return "body";
          },
        });
    new OperationCatalog([counted]);
    return read;
  };
  expect(readings(80)).toBeLessThan(2.2 * readings(40));
});
