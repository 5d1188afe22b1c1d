import type { ApiDescription } from "@ape/core/protocol/api";
import type { OperationTraits } from "../session/api-index.ts";
import type { Issue } from "./provenance.ts";

/** What a session knows about a failed call of its own. */
export interface AttributionContext {
  /** Places in answers of this session that showed a value; empty if none did. */
  issues(value: string): readonly Issue[];
  /** Whether the session's data row holds a value. */
  isData(value: string): boolean;
  /** Whether a value is known to be the session's own: of its data row, or of its sign-in. */
  isOwn(value: string): boolean;
  /** Whether an answer or a page offered a path as a link. */
  offers(path: string): boolean;
  /** States that answers showed of the resource with an id, the latest last. */
  states(id: string): readonly string[];
  /** Whether the session itself deleted what a path names. */
  deleted(path: string): boolean;
  /** Whether the target accepted a write of the session that names a value. */
  hasWritten(value: string): boolean;
  /**
   * Whether the answer that created a resource is still held, and no answer or request about it shows a state in which
   * a refusal could be right.
   */
  isShownFree(id: string): boolean;
  /**
   * Names and values, as `name\nvalue`, of the POST request that created an id and of its answer, if that answer is
   * still held.
   */
  shown(id: string): ReadonlySet<string>;
  /** The last write that the target accepted from the session: target and path. */
  lastWrite: string | undefined;
  /** The target answered a call of the session with 202: it may still be at work. */
  queued: boolean;
  /** Whether the target already accepted the same call from this session. */
  repeated: boolean;
  /** The target accepted a write since the operation last succeeded. */
  prepared: boolean;
  /** The credential that the call carried. */
  credential: "none" | "held" | "lapsed" | "revoked";
  api: ApiDescription | undefined;
  operation: OperationTraits | undefined;
  /** The API document does not list the operation. */
  undocumented: boolean;
  /** The API document asks for no credentials here. */
  public: boolean;
  /** A rate limit had been announced before the call was sent. */
  limited: boolean;
  /** The generator was overloaded during the call: its own clock is no evidence. */
  saturated: boolean;
  /** The session's time budget cut the call off after it had taken most of that budget. */
  hung: boolean;
  /** Headers that the agent itself chose. */
  ownHeaders: Readonly<Record<string, string>>;
}
