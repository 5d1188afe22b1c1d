import type { VNode } from "preact";
import { usePage } from "../data/page-state.ts";
import { numberText } from "../format.ts";

const SHOWN = 20;

/** Actions that were sent and never answered because a process died. */
export function InFlight(): VNode | null {
  const { inFlight } = usePage().run.summary;
  if (inFlight.length === 0) return null;
  return (
    <section class="card" aria-labelledby="in-flight">
      <h3 id="in-flight">Sent and never answered: {numberText(inFlight.length)}</h3>
      <p class="note">A process died meanwhile. APE and the target may differ by these.</p>
      <ul class="marks">
        {inFlight.slice(0, SHOWN).map(({ session, step, target, method, path }) => (
          <li key={`${session} ${step}`}>
            {session} step {step}: {target} {method} {path}
          </li>
        ))}
      </ul>
      {inFlight.length > SHOWN ? (
        <p class="note">{inFlight.length - SHOWN} more are in summary.json.</p>
      ) : null}
    </section>
  );
}
