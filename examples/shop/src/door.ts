import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { problem } from "./answer.ts";
import { type Reply, serve } from "./counter.ts";
import type { Contract } from "./openapi.ts";
import type { Operation } from "./visit.ts";
import type { World } from "./world.ts";

const REFUSALS: Record<number, [code: string, message: string]> = {
  400: ["bad_request", "The request cannot be read: is its body well-formed JSON?"],
  413: ["too_large", "The request is too large."],
  415: ["unsupported_media_type", "Send the body as application/json."],
};

/** JSON bodies, where nothing at all counts as no body: clients often name a type and then send none. */
export function acceptJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, text, done) => {
    if (text === "") return done(null, undefined);
    try {
      done(null, JSON.parse(String(text)));
    } catch (cause) {
      done(Object.assign(new Error("not JSON", { cause }), { statusCode: 400 }));
    }
  });
}

function put(reply: FastifyReply, { status, headers, payload, cutAfterMs }: Reply): FastifyReply {
  if (cutAfterMs !== undefined) {
    reply.hijack();
    setTimeout(() => reply.raw.destroy(), cutAfterMs).unref();
    return reply;
  }
  return reply.code(status).headers(headers).send(payload);
}

/** Answers what never reached an operation, in the shop's own form. */
function refuse(error: { statusCode?: number }, _request: FastifyRequest, reply: FastifyReply): void {
  const status =
    error.statusCode !== undefined && REFUSALS[error.statusCode] !== undefined ? error.statusCode : 500;
  const [code, message] = REFUSALS[status] ?? ["internal_error", "Something went wrong in the shop."];
  reply.code(status).send(problem(status, code, message).body);
}

/** The shop's public server, not listening yet. `world` is asked for at every request, since a reset replaces it. */
export function buildDoor(
  operations: readonly Operation[],
  contract: Contract,
  world: () => World,
): FastifyInstance {
  const app = fastify({
    logger: false,
    exposeHeadRoutes: false,
    bodyLimit: 64 * 1024,
    forceCloseConnections: true,
    frameworkErrors: refuse,
  });
  acceptJson(app);
  app.setErrorHandler(refuse);
  app.setNotFoundHandler((_request, reply) => {
    reply
      .code(404)
      .send(problem(404, "not_found", "The shop has no such page, or not with this method.").body);
  });
  app.addHook("onRequest", (_request, reply, done) => {
    const { ledger } = world();
    ledger.arrived();
    reply.raw.once("close", () => ledger.left());
    done();
  });

  for (const [index, operation] of operations.entries()) {
    const [method = "", template = ""] = operation.name.split(" ");
    app.route({
      method,
      url: template.replaceAll(/\{(\w+)\}/g, ":$1"),
      config: { operation: index },
      handler: (request, reply) => {
        const served = serve(world(), operation, index, request);
        return served instanceof Promise ? served.then((answer) => put(reply, answer)) : put(reply, served);
      },
    });
  }
  app.get("/openapi.json", (_request, reply) => reply.type("application/json").send(contract.json));
  app.get("/openapi.yaml", (_request, reply) => reply.type("application/yaml").send(contract.yaml));

  // Before the first byte goes out, so that whoever has an answer finds it in the books.
  app.addHook("onSend", (request, reply, payload, done) => {
    const { operation } = request.routeOptions.config as { operation?: number };
    if (operation !== undefined) world().ledger.answered(operation, reply.statusCode);
    else if (request.is404) world().ledger.answered(-1, reply.statusCode);
    done(null, payload);
  });
  return app;
}
