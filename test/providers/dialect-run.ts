import { startShop } from "@ape/shop/shop";
import { ProjectFolder } from "../e2e/ape.ts";
import { shopping } from "../e2e/shopping.ts";
import type { ProviderRules } from "./provider-rules.ts";
import { KEY, openProviderServer } from "./provider-server.ts";

export interface DialectRun {
  succeeded: number;
  ended: number;
  /** Requests that the provider refused. */
  refused: number;
  /** Requests that it answered. */
  answered: number;
  notices: readonly string[];
}

/**
 * Runs sessions of the demo shop, with the default configuration, against a provider that refuses the same as the real
 * one.
 */
export async function runAgainst(rules: ProviderRules, sessions: number): Promise<DialectRun> {
  const shop = await startShop({});
  const server = await openProviderServer(rules);
  const key = rules.keyHeader === undefined ? "" : `, apiKey: ${KEY}`;
  const folder = await ProjectFolder.create(
    shopping(shop.url, {
      load: "{ agents: 4, thinkTime: { constant: 0ms } }",
      inference: `{ provider: ${rules.provider}, model: "${rules.model}", baseUrl: "${server.url}"${key} }`,
    }),
  );
  try {
    const { ended, succeeded } = await folder.runSessions(sessions);
    const { notices = [] } = await folder.summary();
    return { ended, succeeded, refused: server.refused, answered: server.answered, notices };
  } finally {
    await folder.remove();
    await server.close();
    await shop.close();
  }
}
