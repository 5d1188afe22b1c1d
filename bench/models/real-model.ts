import { accountsCsv } from "@ape/shop/credentials";
import { startShop } from "@ape/shop/shop";
import { ProjectFolder } from "../../test/e2e/ape.ts";
import { shopping } from "../../test/e2e/shopping.ts";
import { openSmallModel } from "../peers.ts";

const SESSIONS = 8;
const STEPS = 12;

export interface RealModelFigures {
  answers: number;
  /** Share of the answers that were a valid decision, repairs without a loss included. */
  validPct: number;
  invalid: Record<string, number>;
}

/**
 * How a small real model on llama.cpp's server decides in the demo shop, with the default configuration.
 * @returns why it is absent, where it is
 */
export async function measureRealModel(): Promise<RealModelFigures | string> {
  const model = await openSmallModel();
  if (typeof model === "string") return model;
  const shop = await startShop({});
  const files = shopping(shop.url, {
    load: `{ agents: 1, sessions: ${SESSIONS}, thinkTime: { constant: 0ms } }`,
    inference: `{ provider: llamacpp, model: smollm2, baseUrl: "${model.url}/v1" }`,
  });
  const folder = await ProjectFolder.create({
    ...files,
    "accounts.csv": accountsCsv(SESSIONS, 1),
    "ape.config.yaml": (files["ape.config.yaml"] ?? "").replace(
      "    success:",
      `    budget: { steps: ${STEPS}, time: 5m }\n    success:`,
    ),
  });
  try {
    await folder.runSessions(SESSIONS);
    let answers = 0;
    let bad = 0;
    const invalid: Record<string, number> = {};
    for (const event of await folder.events()) {
      if (event.type === "inference" && event.error === undefined) answers += 1;
      if (event.type === "decision_invalid") {
        bad += 1;
        invalid[event.reason] = (invalid[event.reason] ?? 0) + 1;
      }
    }
    return { answers, validPct: Math.round(1000 * (1 - bad / answers)) / 10, invalid };
  } finally {
    await folder.remove();
    await shop.close();
    model.end();
  }
}
