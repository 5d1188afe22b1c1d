import { ApeError } from "@ape/core/lib/errors";
import { isJsonObject } from "@ape/core/lib/json";
import type { CertificateFault } from "./certificate-fault.ts";

/**
 * An answer of the Kubernetes API that refuses something, as an error with its own words and the next step.
 * @param fault what is wrong with the client's certificate
 */
export function refusal(status: number, body: string, request: string, fault?: CertificateFault): ApeError {
  let message = body.slice(0, 500);
  try {
    const answer: unknown = JSON.parse(body);
    if (isJsonObject(answer) && typeof answer.message === "string") message = answer.message;
  } catch {
    // Not the API itself, but something before it.
  }
  const hint = fault === undefined ? hintFor(status, message) : `${fault.message}. ${fault.hint}`;
  return new ApeError("CONTAINERS_FAILED", `Kubernetes refuses (${status}): ${message}`, {
    details: [request],
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The next step after a refusal; undefined if its words say enough. */
function hintFor(status: number, message: string): string | undefined {
  if (status === 401) return "The credentials of the kubeconfig are refused or have expired: renew them.";
  if (/being terminated/.test(message))
    return "The namespace is being deleted: wait until it is gone, or name another one.";
  if (status === 404 && /^namespaces /.test(message))
    return "Create the namespace, or name another one with `kubernetes.namespace`.";
  if (/admission webhook|ValidatingAdmissionPolicy|violates PodSecurity/.test(message))
    return "A policy of the cluster refuses this: `kubernetes.patches` changes pods, or ask those who run the cluster.";
  if (/exceeded quota/.test(message))
    return "The quota of the namespace is used up: `ape-test clean` removes what ended runs left; else raise it.";
  if (status === 403)
    return "docs/how-to/kubernetes.md lists the permissions that are needed; `ape-test doctor --runtime kubernetes` tests them.";
  if (status === 400 || status === 422 || /field not declared in schema/.test(message))
    return "If the field is none of APE's own, `kubernetes.patches` has brought it.";
  return undefined;
}
