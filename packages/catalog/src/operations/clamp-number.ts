import type { Field } from "./field.ts";

/** Moves a number within a field's bounds and to an allowed multiple. */
export function clampNumber(field: Field, value: number): number {
  const step = field.multipleOf ?? (field.type.startsWith("integer") ? 1 : undefined);
  const low = lowest(field, step);
  const high = highest(field, step);
  const inside = Math.min(Math.max(value, low ?? value), high ?? Math.max(value, low ?? value));
  if (field.multipleOf === undefined) return inside;
  const multiple = (times: number): number => Number((times * (step as number)).toPrecision(12));
  const times = inside / field.multipleOf;
  if (Math.abs(times - Math.round(times)) < 1e-9) return multiple(Math.round(times));
  const above = multiple(Math.ceil(times));
  return high !== undefined && above > high ? multiple(Math.floor(times)) : above;
}

function lowest({ minimum, exclusiveMinimum, exclusiveMaximum, maximum }: Field, step?: number) {
  if (exclusiveMinimum === undefined) return minimum;
  const limit = exclusiveMaximum ?? maximum;
  const gap = step ?? (limit === undefined ? 1 : Math.min(1, (limit - exclusiveMinimum) / 2));
  const beyond =
    step === undefined ? exclusiveMinimum + gap : Math.floor(exclusiveMinimum / step + 1e-9) * step + step;
  return Math.max(beyond, minimum ?? beyond);
}

function highest({ minimum, exclusiveMinimum, exclusiveMaximum, maximum }: Field, step?: number) {
  if (exclusiveMaximum === undefined) return maximum;
  const limit = exclusiveMinimum ?? minimum;
  const gap = step ?? (limit === undefined ? 1 : Math.min(1, (exclusiveMaximum - limit) / 2));
  const beyond =
    step === undefined ? exclusiveMaximum - gap : Math.ceil(exclusiveMaximum / step - 1e-9) * step - step;
  return Math.min(beyond, maximum ?? beyond);
}
