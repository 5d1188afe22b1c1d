import type { ApiDescription } from "@ape/core/protocol/api";
import { apiOf } from "./api-lines.ts";

/** An API and goals for it. */
export interface ApiWithGoals {
  api: ApiDescription;
  goals: readonly string[];
}

/**
 * Reads blocks of `# NAME`, operations as lines of {@link apiOf}, and goals as `> WORDS`; other lines below a goal say what is
 * expected of it elsewhere. Inputs may be marked by `b:` and `q:`.
 */
export function apisWithGoals(text: string): ApiWithGoals[] {
  return text
    .split(/^# /m)
    .slice(1)
    .map((block) => {
      const [described = "", ...goals] = block.split(/^> /m);
      const [name = "", ...lines] = described.trim().split("\n");
      const own = lines.map((line) => line.replaceAll(/(?<= )q:/g, "&").replaceAll(/(?<= )b:/g, ""));
      const kind = name.startsWith("graphql ") ? "graphql" : "rest";
      const api = { ...apiOf(kind, ...own), target: name.split(":")[0] ?? name };
      return { api, goals: goals.map((goal) => goal.split("\n")[0] ?? goal) };
    });
}
