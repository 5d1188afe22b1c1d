import { fileURLToPath } from "node:url";
import { parseConfig } from "@ape/core/config/parse";
import { loadProject } from "@ape/engine/project/project";
import { startShop } from "@ape/shop/shop";
import { startDocumentStub } from "./document-stub.ts";
import { type PromptFigures, promptFigures } from "./prompt-figures.ts";
import { labelledGoals, publicApis, publicDocument } from "./public-apis.ts";
import { recordSessions } from "./recorded-sessions.ts";

const DEMO = fileURLToPath(new URL("../../examples/shop", import.meta.url));
const SHOP_SESSIONS = 30;
/** Of each goal; a run has many more. */
const GITHUB_SESSIONS_PER_GOAL = 5;
/** GitHub's goals that are used, the first ones. */
const GITHUB_GOALS = 4;

/** What the prompts of the demo's sessions take. */
export async function shopPrompts(): Promise<PromptFigures> {
  const shop = await startShop({});
  try {
    const { config } = await loadProject({ cwd: DEMO, environment: { SHOP_URL: shop.url }, overrides: {} });
    const load = { ...config.load, thinkTime: "none" } as const;
    return promptFigures(
      await recordSessions({ ...config, load }, { baseDir: DEMO, sessions: SHOP_SESSIONS }),
    );
  } finally {
    await shop.close();
  }
}

/**
 * Tokens of the prompts of sessions with GitHub's document, against a stub that answers by the document.
 * @returns why there are none, if its document is not available
 */
export async function githubPrompts(): Promise<PromptFigures | string> {
  const apis = await publicApis();
  if (typeof apis === "string") return apis;
  const document = await publicDocument("github");
  const api = apis.get("github");
  if ("missing" in document || api === undefined) return "GitHub's document is missing";
  const stub = await startDocumentStub(() => api);
  try {
    const goals = labelledGoals()
      .filter(({ api: name }) => name === "github")
      .slice(0, GITHUB_GOALS)
      .map(({ goal }, index) => ({
        name: `goal-${index}`,
        prompt: goal,
        success: [{ action: { operation: "DELETE /user/following/{username}" } }],
        budget: { steps: 10 },
      }));
    const written = {
      version: 1,
      targets: { github: { baseUrl: stub.url, spec: document.path } },
      inference: { simulation: { firstToken: { median: "0ms", p95: "0ms" } } },
      goals,
      load: { sessions: 1, thinkTime: "none" },
    };
    const { config } = parseConfig(JSON.stringify(written), "bench", {});
    const sessions = GITHUB_SESSIONS_PER_GOAL * goals.length;
    return promptFigures(await recordSessions(config, { baseDir: "/", sessions }));
  } finally {
    await stub.close();
  }
}
