import { shortened } from "@ape/core/report/shortened";
import type { VNode } from "preact";

const SHOWN_CHARS = 300;

/** A text of a target: of a long one the beginning and the end, and all of it on demand. */
export function LongText({ text, label }: { text: string; label: string }): VNode {
  if (text.length <= SHOWN_CHARS) return <>{text}</>;
  return (
    <>
      {shortened(text, SHOWN_CHARS)}
      <details class="whole-text">
        <summary>{label}</summary>
        <pre>{text}</pre>
      </details>
    </>
  );
}
