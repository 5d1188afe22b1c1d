import type { VNode } from "preact";
import { usePage } from "../data/page-state.ts";
import { msText, numberText, percentText, shortText, usdText } from "../format.ts";
import { Tile } from "./tile.tsx";

/** The figures that people look for first. */
export function KeyFigures(): VNode {
  const { summary } = usePage().run;
  const { metrics, sessions, run } = summary;
  const of = (name: string) => metrics[name]?.values ?? {};
  const duration = of("action_duration");
  const between = of("time_between_actions");
  const failed = of("action_failed");
  const cost = of("cost_usd").count ?? 0;
  const price = run.model.simulated
    ? "simulated, costs nothing"
    : cost === 0
      ? "no price known"
      : usdText(cost);
  const unmet = Object.values(metrics.session_success?.thresholds ?? {}).some(({ ok }) => !ok);
  return (
    <dl class="tiles">
      <Tile
        label="Successful sessions"
        value={sessions.ended === 0 ? "–" : percentText(sessions.succeeded / sessions.ended)}
        note={`${numberText(sessions.ended)} ended, ${numberText(sessions.started)} started`}
        state={sessions.ended === 0 ? undefined : unmet ? "bad" : "good"}
      />
      <Tile
        label="Actions"
        value={shortText(of("actions").count ?? 0)}
        note={`${numberText(of("actions").rate ?? 0)} per second`}
      />
      <Tile
        label="Failed actions"
        value={percentText(failed.rate ?? 0)}
        note={`${numberText(failed.passes ?? 0)} of ${numberText((failed.passes ?? 0) + (failed.fails ?? 0))}`}
      />
      <Tile
        label="Action latency, p95"
        value={msText(duration["p(95)"])}
        note={`median ${msText(duration.med)}, max ${msText(duration.max)}`}
      />
      <Tile
        label="Time between actions"
        value={msText(between.avg)}
        note={`decision ${msText(of("decision_duration").avg)}, think ${msText(of("think_duration").avg)}`}
      />
      <Tile
        label="First token, p95"
        value={msText(of("time_to_first_token")["p(95)"])}
        note={`${shortText(of("tokens_input").count ?? 0)} tokens in, ${shortText(of("tokens_output").count ?? 0)} out; ${price}`}
      />
    </dl>
  );
}
