import type { LiveWhole } from "@ape/core/report/page-data";
import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { usePage } from "../data/page-state.ts";

/** Changes the load of a live run, or ends it. */
export function Controls(): VNode | null {
  const { api, live, run } = usePage();
  const [agents, setAgents] = useState("");
  const [said, setSaid] = useState("");
  const dialog = useRef<HTMLDialogElement>(null);
  if (api === undefined || live === "no" || live === "ended" || !("progress" in run)) return null;
  const { progress } = run as LiveWhole;
  const call = (path: "scale" | "stop", parameters: Record<string, string>, done: string): void => {
    api.command(path, parameters).then(
      () => setSaid(done),
      (error: Error) => setSaid(`Not done: ${error.message}`),
    );
  };
  const scale = (event: Event): void => {
    event.preventDefault();
    call("scale", { agents }, `${agents} agents from now on.`);
  };
  // Commands cannot reach a run that does not answer.
  const isReachable = live === "live";
  const running = isReachable && progress.phase === "running";
  return (
    <section class="card controls" aria-label="Controls">
      <form onSubmit={scale}>
        <label>
          Agents{" "}
          <input
            type="number"
            min="0"
            max="1000000"
            required
            placeholder={String(progress.agentsWanted)}
            value={agents}
            onInput={(event) => setAgents(event.currentTarget.value)}
          />
        </label>
        <button type="submit" disabled={!running}>
          Scale
        </button>
      </form>
      <button
        type="button"
        disabled={!running}
        onClick={() => call("stop", { force: "false" }, "Stopping: running sessions may end.")}
      >
        Stop
      </button>
      <button
        type="button"
        class="danger"
        disabled={!isReachable}
        onClick={() => dialog.current?.showModal()}
      >
        Stop at once
      </button>
      <output aria-live="polite">{said}</output>
      <dialog ref={dialog} aria-labelledby="cut">
        <form method="dialog">
          <h3 id="cut">Stop at once?</h3>
          <p>Running sessions are cut off. What was measured is kept.</p>
          <button
            type="submit"
            class="danger"
            onClick={() => call("stop", { force: "true" }, "Cutting off: what was measured is kept.")}
          >
            Cut off
          </button>{" "}
          <button type="submit" autofocus>
            Continue the run
          </button>
        </form>
      </dialog>
    </section>
  );
}
