/** Headers between agents and the proxy: who calls, and what the proxy adds to the answer. */
export const PROXY_HEADERS = {
  /** Set by agents of APE: the proxy may adapt their requests to the provider. */
  own: "x-ape-own",
  session: "x-ape-session",
  step: "x-ape-step",
  agent: "x-ape-agent",
  /** The error of an agent's call, percent-encoded: the provider's words, and what to do. */
  error: "x-ape-error",
  /** Id of the inference event. */
  inference: "x-ape-inference",
  /** Milliseconds that the call waited in the proxy before it was sent upstream. */
  queue: "x-ape-queue-ms",
} as const;
