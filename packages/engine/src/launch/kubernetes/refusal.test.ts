import { expect, test } from "vitest";
import { refusal } from "./refusal.ts";

test.each([
  [401, "Unauthorized", "have expired"],
  [403, 'jobs.batch is forbidden: User "u" cannot patch resource', "doctor --runtime kubernetes"],
  [404, 'namespaces "load" not found', "Create the namespace"],
  [
    403,
    'secrets "x" is forbidden: unable to create new content in namespace load because it is being terminated',
    "is being deleted",
  ],
  [403, 'admission webhook "policy.io" denied the request: no team label', "A policy of the cluster"],
  [403, 'pods "x" is forbidden: violates PodSecurity "restricted:latest"', "A policy of the cluster"],
  [403, 'jobs "x" is forbidden: exceeded quota: few', "ape-test clean"],
  [422, "Deployment is invalid: spec.x: Required value", "kubernetes.patches"],
  [
    500,
    "failed to create typed patch object: .spec.nodeSelectr: field not declared in schema",
    "kubernetes.patches",
  ],
  [409, "object has been modified", undefined],
])("a refusal with %i, %s, names the next step", (status, message, hint) => {
  const error = refusal(status, JSON.stringify({ message }), "PATCH /x");
  expect(error).toMatchObject({
    code: "CONTAINERS_FAILED",
    message: `Kubernetes refuses (${status}): ${message}`,
  });
  if (hint === undefined) expect(error.hint).toBeUndefined();
  else expect(error.hint).toContain(hint);
});

test("an answer of something before the API is shown as it is, cut", () => {
  expect(refusal(502, "<html>bad gateway", "GET /x").message).toBe(
    "Kubernetes refuses (502): <html>bad gateway",
  );
  expect(refusal(502, "x".repeat(9_000), "GET /x").message.length).toBeLessThan(600);
});
