import type { Event } from "@ape/core/protocol/events";
import { startShop } from "@ape/shop/shop";
import { expect, test } from "vitest";
import { ProjectFolder } from "./ape.ts";
import { shopping } from "./shopping.ts";

test("simulated users of several kinds shop each in their own way, and all of them succeed", {
  timeout: 120_000,
}, async () => {
  const shop = await startShop({});
  // Nobody leaves early: a slow machine must not decide.
  const kinds = ["impatient", "careful", "bargain-hunter", "adversarial"];
  const detours = (name: string): string => (name === "careful" ? "{ details: 1 }" : "{}");
  const folder = await ProjectFolder.create(
    shopping(shop.url, {
      load: "{ agents: 4, sessions: 24 }",
      more: `personas: [${kinds.map((name) => `{ name: ${name}, patience: {}, detours: ${detours(name)} }`).join(", ")}]\n`,
    }),
  );
  try {
    const { exit, stdout, stderr } = await folder.run(["start", "--seed", "4"]);
    expect(exit, stdout + stderr).toBe(0);
    expect((await folder.summary()).sessions).toMatchObject({ ended: 24, succeeded: 24 });
    const events = await folder.events();
    for (const kind of kinds) {
      const sessions = events.flatMap((event) =>
        event.type === "session_started" && event.persona === kind ? [event.session] : [],
      );
      expect(sessions.length, kind).toBeGreaterThan(0);
      for (const session of sessions) {
        const did = (wanted: (action: Action) => boolean): number =>
          events.filter(
            (event) =>
              event.type === "step" && event.session === session && event.action && wanted(event.action),
          ).length;
        expect(
          did(({ operation }) => operation === "GET /products/{productId}"),
          kind,
        ).toBe(kind === "careful" ? 1 : 0);
        expect(
          did(({ operation, status }) => operation === "POST /cart/items" && status === 422),
          kind,
        ).toBe(kind === "adversarial" ? 1 : 0);
      }
    }
    const paid = (kind: string): Set<string> =>
      new Set(
        events.flatMap((event) =>
          event.type === "step" && event.action?.operation === "POST /cart/items" && event.action.status < 300
            ? events.some(
                (one) =>
                  one.type === "session_started" && one.session === event.session && one.persona === kind,
              )
              ? [/"productId":"[^"]*"/.exec(JSON.stringify(event.args))?.[0] ?? ""]
              : []
            : [],
        ),
      );
    expect(paid("bargain-hunter").size).toBe(1);
    expect(paid("impatient").size).toBe(1);
  } finally {
    await folder.remove();
    await shop.close();
  }
});

type Action = NonNullable<Extract<Event, { type: "step" }>["action"]>;
