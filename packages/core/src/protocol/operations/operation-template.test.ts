import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesTemplate, parameterValues } from "./operation-template.ts";

test.each([
  ["GET /repos/{owner}/{repo}/issues", "GET /repos/acme/site/issues", true],
  ["GET /repos/{owner}/{repo}/issues", "GET /repos/acme/{name}/issues", true],
  ["GET /repos/{owner}/{repo}/issues", "GET /repos/acme/site/issues/", true],
  ["GET /repos/{owner}/{repo}/issues", "GET /repos/acme/site/pulls", false],
  ["GET /repos/{owner}/{repo}/issues", "POST /repos/acme/site/issues", false],
  ["GET /repos/{owner}/{repo}/issues", "GET /repos/acme//issues", false],
  ["GET /repos/{owner}/{repo}/issues", "GET /repos/acme/issues", false],
  ["POST /orders/{id}:cancel", "POST /orders/5:cancel", true],
  ["POST /orders/{id}:cancel", "POST /orders/5:pay", false],
  ["GET /files/{name}.json", "GET /files/a.xml", false],
  ["GET /files/part-{no}/of-{count}", "GET /files/part-7/of-9", true],
  ["GET /files/part-{no}", "GET /files/page-7", false],
  ["GET /items", "GET /{thing}", false],
  ["query order", "query order", true],
  ["query order", "query orders", false],
])("of %s, %s is a case: %s", (template, operation, expected) => {
  expect(matchesTemplate(template, operation)).toBe(expected);
});

test("any values in place of any parameters make a case; other text makes none", () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9.+*$()-]{0,8}$/);
  fc.assert(
    fc.property(
      fc.array(fc.record({ name: word, isParameter: fc.boolean(), value: word }), {
        minLength: 1,
        maxLength: 5,
      }),
      (parts) => {
        const join = (texts: string[]) => `GET /${texts.join("/")}`;
        const template = join(parts.map(({ name, isParameter }) => (isParameter ? `{${name}}` : name)));
        const filled = parts.map(({ name, isParameter, value }) => (isParameter ? value : name));
        expect(matchesTemplate(template, template)).toBe(true);
        expect(matchesTemplate(template, join(filled))).toBe(true);
        expect(matchesTemplate(template, `${join(filled)}/more`)).toBe(false);
        const other = parts.map(
          ({ isParameter }, index) => (isParameter ? filled[index] : `${filled[index]}x`) as string,
        );
        expect(matchesTemplate(template, join(other))).toBe(parts.every(({ isParameter }) => isParameter));
      },
    ),
  );
});

test.each([
  ["GET /orders/{id}", "GET /orders/42", { id: "42" }],
  ["POST /a/{x}/b/{y}/c", "POST /a/1%2F2/b/z/c/", { x: "1/2", y: "z" }],
  ["GET /files/{name}.json", "GET /files/a.json", {}],
  ["GET /orders/{id}", "GET /orders", {}],
  ["GET /orders/{id}", "GET /carts/42", {}],
])("the parameters of %s in %s are %j", (template, called, values) => {
  expect(Object.fromEntries(parameterValues(template, called))).toEqual(values);
});
