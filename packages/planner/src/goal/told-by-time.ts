import { choiceConstraints } from "@ape/catalog/goal/choice-constraints";
import { nameOfPoint } from "@ape/catalog/goal/phrases/thing-name";
import { isDayOfThing, isTimeOfThing, pointsOfChoice } from "@ape/catalog/goal/times/days-of-choice";
import type { StatedTime } from "@ape/catalog/goal/times/points-in-time";
import type { Field } from "@ape/catalog/operations/field";
import { changesThing } from "../choice/by-name/ambiguous-name.ts";
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
      const told = shown.findLast(({ choice }) => choice.called === undefined) ?? shown.at(-1);
      if (told === undefined && isOfKnownThing(step)) {
        tellByName(choices, points);
        continue;
      }
      const [last] = told === undefined ? undescribed.slice(-1) : [told];
      if (last === undefined) continue;
      last.choice.points = [
        ...(last.choice.points ?? []),
        ...points.map((point) => ({ point, fields: last.fields })),
      ];
    }
  }
}

/** Whether a step changes or removes a thing that there is, of a collection of its own. */
const isOfKnownThing = (step: Step): boolean =>
  changesThing(step) &&
  [...step.bindings].some(([field, { kind }]) => field.in === "path" && kind === "choice");

/**
 * Notes a day as what the thing is called that is changed: it shows the day, or what it is about does, as the assignment for the
 * hearing on that day. What it is moved to is none.
 */
function tellByName(choices: readonly ListChoice[], points: readonly StatedTime[]): void {
  const own = points.filter(({ label }) => !/\b(?:to|until|till)$/i.test(label));
  const choice = choices.at(-1);
  if (choice === undefined || own.length === 0) return;
  choice.about = [...(choice.about ?? []), ...own.map(nameOfPoint)];
}

/** The names, and the days as names, by which a step's things are told: no other thing will do, and so they are understood. */
export const namesNeeded = (bindings: Step["bindings"]): string[] =>
  [...bindings.values()].flatMap((one) =>
    one.kind === "choice"
      ? [
          ...(one.choice.called === undefined ? [] : [one.choice.called.text]),
          ...(one.choice.about ?? []).map(({ point, text }) => point?.text ?? text),
        ]
      : [],
  );
