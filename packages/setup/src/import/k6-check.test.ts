import { expect, test } from "vitest";
import { importK6 } from "./k6.ts";

const script = (body: string): string =>
  `import http from "k6/http";
import { check } from "k6";
const H = "http://127.0.0.1:3000";
export default function () { ${body} }
`;

test.each([
  ["(r) => r.status === 200 || r.status === 201", [200, 201]],
  ["(r) => [200, 201].includes(r.status)", [200, 201]],
  ["function (r) { return [204].includes(r.status); }", 204],
  ["(r) => [200, 202].indexOf(r.status) !== -1", [200, 202]],
  ["(r) => [200, 202].indexOf(r.status) >= 0 && r.status == 202", 202],
  ["(r) => [201, 409].includes(r.status)", [201, 409]],
  ["(r) => [201, 303].includes(r.status)", undefined],
])("k6: what a check asks of the status is taken over: %s", (test, status) => {
  const imported = importK6(script(`check(http.post(H + "/a"), { ok: ${test} });`), "f");
  expect(imported.goals[0]?.success).toEqual([
    { action: { operation: "POST /a", ...(status === undefined ? {} : { status }) } },
  ]);
  expect(imported.skipped).toEqual([]);
});

test.each([
  ["(r) => [OK, 201].includes(r.status)", 'check "t": it looks at more than the status'],
  ["(r) => [200, 201].includes(r.json().code)", 'check "t": it looks at more than the status'],
  ["(r) => [200, 201].indexOf(r.status) === 1", 'check "t": it looks at more than the status'],
  ["(r) => r.status === 200 || r.body === ''", 'check "t": it looks at more than the status'],
  ["(r) => r.status === 202", 'check "t": no status passes it and the checks before it'],
])("k6: a check that is not understood has a line: %s", (test, line) => {
  const text = script(
    `check(http.post(H + "/a"), { first: (r) => [200, 201].includes(r.status), t: ${test} });`,
  );
  const imported = importK6(text, "f");
  expect(imported.skipped).toEqual([`line 4: ${line}`]);
  expect(imported.goals[0]?.success).toEqual([{ action: { operation: "POST /a", status: [200, 201] } }]);
});
