import { bodyOf, listenOnLoopback } from "./loopback.ts";

/** A newsletter that accepts an address once. */
export interface Newsletter {
  readonly url: string;
  readonly document: Record<string, unknown>;
  /** Every address that subscribed, in order. */
  subscribers(): readonly string[];
  /** How often an address came a second time. */
  refused(): number;
  close(): Promise<void>;
}

const text = { type: "string" };

const DOCUMENT = {
  openapi: "3.1.0",
  info: { title: "Newsletter", version: "1" },
  paths: {
    "/subscriptions": {
      post: {
        operationId: "subscribe",
        summary: "Subscribe an address to the newsletter.",
        requestBody: {
          required: true,
          content: {
            "application/json": {
              schema: {
                type: "object",
                required: ["subscriberEmail", "subscriberName"],
                properties: { subscriberEmail: { ...text, format: "email" }, subscriberName: text },
              },
            },
          },
        },
        responses: {
          "201": {
            description: "Subscribed.",
            content: {
              "application/json": { schema: { type: "object", properties: { subscriptionId: text } } },
            },
          },
          "409": { description: "This address has subscribed before." },
        },
      },
    },
  },
};

/** Opens the newsletter on a free loopback port. */
export async function startNewsletter(): Promise<Newsletter> {
  const subscribers: string[] = [];
  let refused = 0;
  const server = await listenOnLoopback(async (request, response) => {
    const body = await bodyOf(request);
    const answer = (status: number, json: unknown): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json));
    };
    if (request.method !== "POST" || request.url !== "/subscriptions")
      return answer(404, { error: "nothing here" });
    const { subscriberEmail, subscriberName } = JSON.parse(body) as Record<string, unknown>;
    if (typeof subscriberEmail !== "string" || typeof subscriberName !== "string")
      return answer(422, { error: "subscriberEmail and subscriberName are needed" });
    if (subscribers.includes(subscriberEmail)) {
      refused += 1;
      return answer(409, { error: "this address has subscribed before" });
    }
    subscribers.push(subscriberEmail);
    answer(201, { subscriptionId: `sub-${subscribers.length}` });
  });
  return { ...server, document: DOCUMENT, subscribers: () => subscribers, refused: () => refused };
}
