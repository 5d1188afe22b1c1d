import type { ReportSession } from "@ape/core/report/report-session";
import type { VNode } from "preact";
import { usePage } from "../../data/page-state.ts";
import { filterValues, SESSION_FILTERS, type SessionFilterName } from "../../data/session-filter.ts";
import { keyText } from "../../format.ts";

/** The filters of the list of sessions; they are part of the page's address. */
export function SessionFilters({ sessions }: { sessions: readonly ReportSession[] }): VNode {
  const { route, go } = usePage();
  const others = [
    ...(route.operation === undefined ? [] : [["operation", `with ${route.operation}`] as const]),
    ...(route.from === undefined
      ? []
      : [
          ["from", route.to === undefined ? `through ${route.from}` : `${route.from} → ${route.to}`] as const,
        ]),
    ...(route.failure === undefined ? [] : [["failure", "examples of one failure"] as const]),
  ];
  return (
    <search class="card filters" aria-label="Filter sessions">
      {SESSION_FILTERS.map((name) => {
        const values = valuesOf(sessions, name, route[name]);
        return values.length === 0 ? null : (
          <label key={name}>
            {name}
            <select
              value={route[name] ?? ""}
              onChange={(event) => go({ [name]: event.currentTarget.value || undefined })}
            >
              <option value="">all</option>
              {values.map((value) => (
                <option key={value} value={value}>
                  {name === "outcome" ? keyText(value) : value}
                </option>
              ))}
            </select>
          </label>
        );
      })}
      <label class="grow">
        text
        <input
          type="search"
          value={route.text ?? ""}
          placeholder="id, trace, path, answer…"
          onInput={(event) => go({ text: event.currentTarget.value || undefined })}
        />
      </label>
      {others.map(([key, text]) => (
        <button
          key={key}
          type="button"
          class="chip"
          aria-label={`Remove the filter: ${text}`}
          onClick={() =>
            go(key === "from" ? { from: undefined, to: undefined, depth: undefined } : { [key]: undefined })
          }
        >
          {text} <span aria-hidden="true">✕</span>
        </button>
      ))}
    </search>
  );
}

/** The values that occur, and the one that is chosen although none has it. */
function valuesOf(
  sessions: readonly ReportSession[],
  name: SessionFilterName,
  chosen: string | undefined,
): string[] {
  const values = filterValues(sessions, name);
  return chosen === undefined || values.includes(chosen) ? values : [...values, chosen];
}
