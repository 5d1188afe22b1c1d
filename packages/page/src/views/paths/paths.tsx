import type { VNode } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { useWidth } from "../../charts/use-width.ts";
import { usePage } from "../../data/page-state.ts";
import { layoutPaths } from "../../data/path-layout.ts";
import { numberText, percentText } from "../../format.ts";
import { PathDrawing } from "./path-drawing.tsx";
import { PathTable } from "./path-table.tsx";

const HEIGHT = 520;
/** Fields whose values are described. */
const MAX_FIELDS = 2;

/** The ways that sessions took through the target, by goal and persona. */
export function PathsView(): VNode {
  const { run, route, go } = usePage();
  const { paths } = run.report;
  const goals = [...new Set(paths.map(({ goal }) => goal))];
  const personas = [...new Set(paths.flatMap(({ persona }) => (persona === undefined ? [] : [persona])))];
  const shown = paths.filter(
    ({ goal, persona }) =>
      (route.goal === undefined || goal === route.goal) &&
      (route.persona === undefined || persona === route.persona),
  );
  const sessions = shown.reduce((sum, group) => sum + group.sessions, 0);
  const box = useRef<HTMLParagraphElement>(null);
  const width = useWidth(box);
  const layout = useMemo(() => layoutPaths(shown, width, HEIGHT), [paths, route.goal, route.persona, width]);
  const realism = route.goal === undefined ? undefined : run.summary.realism.byGoal[route.goal];
  return (
    <section class="card wide" aria-labelledby="paths">
      <div class="bar-line">
        <h2 id="paths">Paths</h2>
        <Choice name="goal" values={goals} value={route.goal} onChange={(goal) => go({ goal })} />
        <Choice
          name="persona"
          values={personas}
          value={route.persona}
          onChange={(persona) => go({ persona })}
        />
      </div>
      <p class="note" ref={box}>
        {numberText(sessions)} ended sessions, from left to right by the number of the action. Choose an
        operation or a link to see sessions of the sample that took it.
        {layout.undrawn === 0
          ? ""
          : ` ${numberText(layout.undrawn)} links of fewer than 0.5% of the sessions are in the table only.`}
        {realism === undefined
          ? ""
          : ` ${numberText(realism.distinctPathsPer100)} distinct paths in 100 sessions; ${percentText(realism.modalShare)} took the most frequent one.`}
        {Object.entries(realism?.values ?? {})
          .slice(0, MAX_FIELDS)
          .map(
            ([field, { distinctPer100, mostUsedShare }]) =>
              ` ${field}: ${numberText(distinctPer100)} distinct values in 100 sessions; ${percentText(mostUsedShare)} used the most frequent one.`,
          )}
      </p>
      {layout.nodes.length === 0 ? (
        <p>No session has ended.</p>
      ) : (
        <>
          <PathDrawing layout={layout} height={HEIGHT} />
          <PathTable layout={layout} />
        </>
      )}
    </section>
  );
}

interface ChoiceProps {
  name: string;
  values: readonly string[];
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

function Choice({ name, values, value, onChange }: ChoiceProps): VNode | null {
  return values.length === 0 ? null : (
    <label>
      {name}{" "}
      <select value={value ?? ""} onChange={(event) => onChange(event.currentTarget.value || undefined)}>
        <option value="">all</option>
        {values.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}
