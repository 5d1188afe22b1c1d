import { choiceConstraints } from "@ape/catalog/goal/choice-constraints";
import { isDayOfThing, isTimeOfThing, pointsOfChoice } from "@ape/catalog/goal/times/days-of-choice";
import type { Field } from "@ape/catalog/operations/field";
import type { ListChoice, Step } from "./plan.ts";

/** The fields of the list from which a choice is made. */
export const listFieldsOf = ({ step }: ListChoice, steps: readonly Step[]): readonly Field[] =>
  steps[step]?.operation.list?.fields ?? [];

/** Notes the day and the time by which clauses tell what they choose, where a list shows such: `the class on 3 May at 18:00`. */
export function tellByTime(steps: readonly Step[]): void {
  for (const step of steps) {
    const { clause, bindings } = step;
    if (clause === undefined || (clause.dates.length === 0 && clause.times.length === 0)) continue;
    const choices = [...bindings.values()].flatMap((one) => (one.kind === "choice" ? [one.choice] : []));
    const { days, times } = pointsOfChoice(clause, [...choiceConstraints(step, []).values()]);
    for (const [points, isShown] of [
      [days, isDayOfThing],
      [times, isTimeOfThing],
    ] as const) {
      if (points.length !== 1) continue;
      const shown = choices
        .map((choice) => ({ choice, fields: listFieldsOf(choice, steps).filter(isShown) }))
        .filter(({ fields }) => fields.length > 0);
      // What is innermost is on that day: the performance, not the production.
      // Of a list that no document describes, the answer shows whether it has days.
      const undescribed = choices
        .filter(
          (choice) =>
            choice.called === undefined &&
            listFieldsOf(choice, steps).every(({ assumed }) => assumed === true),
        )
        .map((choice) => ({ choice, fields: [] }));
      const told =
        shown.findLast(({ choice }) => choice.called === undefined) ?? shown.at(-1) ?? undescribed.at(-1);
      if (told === undefined) continue;
      told.choice.points = [
        ...(told.choice.points ?? []),
        ...points.map((point) => ({ point, fields: told.fields })),
      ];
    }
  }
}
