import fastify, { type FastifyInstance } from "fastify";
import type { Books } from "./books.ts";
import { acceptJson } from "./door.ts";
import type { Faults } from "./faults.ts";

/** What the control port reads and changes. */
export interface Controlled {
  books(): Books;
  faults: Faults;
  reset(): void;
}

/**
 * The server of the control port, not listening yet: `GET /books`, `GET` and `PUT /faults` (replaces them all; 422
 * with the reason when they make no sense), `POST /reset` (blank books, carts, orders and logins; faults stay).
 */
export function buildControl(shop: Controlled): FastifyInstance {
  const app = fastify({ logger: false, exposeHeadRoutes: false, forceCloseConnections: true });
  acceptJson(app);
  app.get("/books", (_request, reply) => reply.send(shop.books()));
  app.get("/faults", (_request, reply) => reply.send(shop.faults));
  app.put("/faults", (request, reply) => {
    try {
      shop.faults = request.body as Faults;
    } catch (error) {
      return reply.code(422).send({ error: { code: "invalid_faults", message: (error as Error).message } });
    }
    return reply.send(shop.faults);
  });
  app.post("/reset", (_request, reply) => {
    shop.reset();
    return reply.code(204).send();
  });
  return app;
}
