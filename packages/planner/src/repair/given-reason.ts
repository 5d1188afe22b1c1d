import { statedReason } from "@ape/core/protocol/fields/stated-reason";
import type { PastCall } from "../goal/past-call.ts";

/** The reason that the target itself gave for a refusal, ` ("only drafts can be changed")`; empty if it gave none. */
export function reasonGiven({ answer, status }: Pick<PastCall, "answer" | "status">): string {
  const reason = status < 400 ? undefined : statedReason(answer?.body);
  return reason === undefined ? "" : ` (${JSON.stringify(reason)})`;
}
