import type { ComponentChildren, VNode } from "preact";

interface TileProps {
  label: string;
  value: string;
  note?: ComponentChildren;
  state?: "good" | "bad" | undefined;
}

/** One figure with its name. */
export function Tile({ label, value, note, state }: TileProps): VNode {
  return (
    <div class={`card tile ${state ?? ""}`}>
      <dt>{label}</dt>
      <dd>
        <b>{value}</b>
        {note === undefined ? null : <span class="note">{note}</span>}
      </dd>
    </div>
  );
}
