import type { ComponentChildren, VNode } from "preact";

/** A short word with the colour of its kind as a dot. */
export function Badge({ color, children }: { color: string; children: ComponentChildren }): VNode {
  return (
    <span class="badge">
      <span class={`dot bg-${color}`} aria-hidden="true" />
      {children}
    </span>
  );
}
