import type { AttributionContext } from "../src/attribution/attribution-context.ts";

/** What is known of a session that was shown nothing and did nothing; what of it matters to a test can be replaced. */
export const attributionContext = (
  more: Partial<AttributionContext> & Pick<AttributionContext, "api" | "operation">,
): AttributionContext => ({
  issues: () => [],
  isData: () => false,
  isOwn: () => false,
  offers: () => false,
  states: () => [],
  deleted: () => false,
  hasWritten: () => false,
  isShownFree: () => true,
  shown: () => new Set(),
  lastWrite: undefined,
  queued: false,
  repeated: false,
  prepared: true,
  credential: "none",
  undocumented: false,
  public: false,
  limited: false,
  saturated: false,
  hung: false,
  ownHeaders: {},
  ...more,
});
