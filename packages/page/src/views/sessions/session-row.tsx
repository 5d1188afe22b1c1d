import type { ReportSession } from "@ape/core/report/report-session";
import type { VNode } from "preact";
import { usePage } from "../../data/page-state.ts";
import { linkTo } from "../../data/route.ts";
import { countText, keyText, msText, offsetText } from "../../format.ts";
import { Badge } from "../../parts/badge.tsx";
import { OUTCOME_COLORS } from "../../parts/colors.ts";

/** One session in the list. */
export function SessionRow({ session, current }: { session: ReportSession; current: boolean }): VNode {
  const { route } = usePage();
  const { outcome, goal, persona, attribution, durationMs, stepCount, at } = session;
  return (
    <li>
      <a
        href={linkTo(route, { ...route, session: session.session, trace: undefined })}
        aria-current={current ? "true" : undefined}
      >
        <span class="row-head">
          <Badge color={OUTCOME_COLORS[outcome]}>{keyText(outcome)}</Badge>
          <b>{session.session}</b>
          <span class="note">{msText(durationMs)}</span>
        </span>
        <span class="note">
          <bdi class="clamped">{goal}</bdi>
          {persona === undefined ? null : <bdi class="clamped">{persona}</bdi>}
          {attribution === undefined ? "" : `${attribution}, `}
          {countText(stepCount, "step")}, at {offsetText(at)}
        </span>
      </a>
    </li>
  );
}
