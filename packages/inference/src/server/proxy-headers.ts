/** Headers between agents and the proxy: who asks, and what the proxy has to say besides the answer. */
export const PROXY_HEADERS = {
  /** Set by agents of APE: their requests may be changed to what the provider takes. */
  own: "x-ape-own",
  session: "x-ape-session",
  step: "x-ape-step",
  agent: "x-ape-agent",
  /** Id of the inference event. */
  inference: "x-ape-inference",
  /** Milliseconds that the call waited in the proxy before it went upstream. */
  queue: "x-ape-queue-ms",
} as const;
