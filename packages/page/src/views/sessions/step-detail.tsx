import type { ReportStep } from "@ape/core/report/report-session";
import type { VNode } from "preact";
import { msText, numberText } from "../../format.ts";

/** Decision, call and answer of one step. */
export function StepDetail({ step }: { step: ReportStep }): VNode {
  const { action } = step;
  const times = [
    ["decision", step.decisionMs],
    ["think", step.thinkMs],
    ["queue", step.queueMs],
    ["connect", action?.connectMs],
    ["wait", action?.waitMs],
    ["receive", action?.receiveMs],
    ["whole action", action?.durationMs],
  ] as const;
  return (
    <div class="step-detail">
      <dl>
        <Fact name="decided">{`${step.tool} ${step.args}`}</Fact>
        {step.tokensInput === undefined ? null : (
          <Fact
            name="model"
            plain
          >{`${numberText(step.tokensInput)} tokens in, ${numberText(step.tokensOutput)} out`}</Fact>
        )}
        {(step.invalid ?? []).map((reason, index) => (
          <Fact key={index} name="invalid answer">
            {reason}
          </Fact>
        ))}
        {step.repairs === undefined ? null : (
          <Fact name="repaired" plain>
            {step.repairs.join(", ")}
          </Fact>
        )}
        {action === undefined ? null : (
          <Fact name="call">{`${action.method} ${action.path} (${action.target})`}</Fact>
        )}
        {action?.attempts !== undefined && action.attempts > 1 ? (
          <Fact name="attempts" plain>
            {String(action.attempts)}
          </Fact>
        ) : null}
        {action?.error === undefined ? null : <Fact name="error">{action.error}</Fact>}
        {action?.attribution === undefined ? null : (
          <Fact
            name="caused by"
            plain
          >{`${action.attribution}${action.because === undefined ? "" : `: ${action.because}`}`}</Fact>
        )}
        {action?.request === undefined || action.request === "" ? null : (
          <Fact name="request">{action.request}</Fact>
        )}
        {action?.response === undefined || action.response === "" ? null : (
          <Fact name="answer">{action.response}</Fact>
        )}
        {step.gained === undefined ? null : (
          <Fact name="learned" plain>
            {step.gained.join(", ")}
          </Fact>
        )}
        <Fact name="times" plain>
          {times
            .filter(([, ms]) => ms !== undefined && ms > 0)
            .map(([name, ms]) => `${name} ${msText(ms)}`)
            .join(", ") || "none"}
        </Fact>
      </dl>
    </div>
  );
}

function Fact({ name, plain = false, children }: { name: string; plain?: boolean; children: string }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{plain ? children : <pre>{children}</pre>}</dd>
    </div>
  );
}
