import type { ComponentChildren, VNode } from "preact";

/** A part that scrolls on its own; it takes the keyboard's focus, so that it also scrolls without a pointer. */
export function Scroll({ label, children }: { label: string; children: ComponentChildren }): VNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section class="scroll" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
