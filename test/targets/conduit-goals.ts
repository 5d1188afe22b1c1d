import type { Event } from "@ape/core/protocol/events";
import type { Summary } from "@ape/core/report/summary";
import { ProjectFolder } from "../e2e/ape.ts";
import { CONDUIT_DOCUMENT } from "./conduit-api.ts";

/** Goals in words for any back end of the RealWorld kind, and the checks that prove them. */
const GOALS = `
  - name: publish
    prompt: Register, write an article, favourite it, comment on it, delete the article.
    budget: &much { steps: 60, tokens: 150000 }
    data: &visitor { generate: { username: username, email: email, password: uuid }, secret: [password] }
    success:
      - action: { operation: "POST /users", status: 2xx }
      - action: { operation: "POST /articles", status: 2xx, capture: { slug: $.article.slug } }
      - action: { operation: "POST /articles/{slug}/favorite", body: { $.article.favorited: true } }
      - action: { operation: "POST /articles/{slug}/comments", status: 2xx }
      - action: { operation: "DELETE /articles/{slug}", status: 2xx }
  - name: read
    prompt: Register, look through the articles, favourite one, comment on it, follow its author.
    budget: *much
    data: *visitor
    success:
      - action: { operation: "POST /users", status: 2xx }
      - action: { operation: "POST /articles/{slug}/favorite", body: { $.article.favorited: true } }
      - action: { operation: "POST /articles/{slug}/comments", status: 2xx }
      - action: { operation: "POST /profiles/{username}/follow", body: { $.profile.following: true } }
`;

/** The results of the goals at a back end. */
export interface ConduitRun {
  summary: Summary;
  events: Event[];
  /** Every session that did not succeed, in a sentence. */
  failed: string[];
}

/**
 * Runs the goals with the simulated model.
 * @param url base of the API, `/api` included
 */
export async function runConduitGoals(url: string, sessions: number, agents = 4): Promise<ConduitRun> {
  const folder = await ProjectFolder.create({
    "api.json": JSON.stringify(CONDUIT_DOCUMENT),
    "ape.config.yaml": `version: 1
targets: { conduit: { baseUrl: "${url}", spec: ./api.json } }
goals:${GOALS}
load: { agents: ${agents}, sessions: ${sessions} }
`,
  });
  try {
    const { exit, stderr } = await folder.run(["start", "--quiet"]);
    if (exit !== 0) throw new Error(`the run ended with ${exit}: ${stderr}`);
    const events = await folder.events();
    const failed = events.flatMap((event) =>
      event.type === "session_ended" && event.outcome !== "succeeded"
        ? [
            `${event.goal}: ${event.outcome}, ${event.reason}; ${event.checks.map(({ held, label }) => `${held ? "+" : "-"}${label}`).join(" ")}`,
          ]
        : [],
    );
    return { summary: await folder.summary(), events, failed };
  } finally {
    await folder.remove();
  }
}
