import { describe, expect, test } from "vitest";
import { fake, field, operation, reply } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

const id = field("path", "id", "string!", "");

/** A nursery: plants of kinds that belong to gardeners; a visit is booked for a plant on a slot. */
function nursery(goal: string, seed = 1) {
  const { api, answer } = fake(
    "nursery",
    [
      operation("GET /gardeners", "List gardeners", [
        field("answer", "[].id", "string", ""),
        field("answer", "[].name", "string", ""),
        field("answer", "[].phone", "string", ""),
      ]),
      operation("PATCH /gardeners/{id}", "Change name or phone of a gardener", [
        id,
        field("body", "name", "string", ""),
        field("body", "phone", "string", ""),
      ]),
      operation("GET /plants", "List plants", [
        field("answer", "[].id", "string", ""),
        field("answer", "[].name", "string", ""),
        field("answer", "[].heightCm", "number", ""),
      ]),
      operation("POST /plants", "Register a plant", [
        field("body", "name", "string!", ""),
        field("body", "species", "string!", "", { enum: ["palm", "fern", "cactus"] }),
        field("body", "gardenerId", "string!", ""),
        field("answer", "id", "string", ""),
      ]),
      operation("POST /plants/{id}/measurings", "Measure a plant", [id, field("body", "cm", "number!", "")]),
      operation("GET /slots", "List slots", [
        field("answer", "[].id", "string", ""),
        field("answer", "[].date", "string", "", { format: "date" }),
      ]),
      operation("POST /visits", "Book a visit", [
        field("body", "plantId", "string!", ""),
        field("body", "slotId", "string!", ""),
        field("body", "reason", "string", ""),
        field("answer", "id", "string", ""),
      ]),
      operation("GET /visits", "List visits", [
        field("answer", "[].id", "string", ""),
        field("answer", "[].plantName", "string", ""),
      ]),
      operation("PATCH /visits/{id}", "Move a visit to another slot", [
        id,
        field("body", "slotId", "string", ""),
      ]),
      operation("DELETE /visits/{id}", "Cancel a visit", [id]),
    ],
    {
      "GET /gardeners": () =>
        reply(200, [
          { id: "g1", name: "Anna Kern", phone: "1" },
          { id: "g2", name: "Tom Reuter", phone: "2" },
        ]),
      "PATCH /gardeners/{id}": () => reply(200, {}),
      "GET /plants": () =>
        reply(200, [
          { id: "f1", name: "Rex", heightCm: 30 },
          { id: "f2", name: "Minka" },
          { id: "f3", name: "Bello" },
        ]),
      "POST /plants": () => reply(201, { id: "f9" }),
      "POST /plants/{id}/measurings": () => reply(201, {}),
      "GET /slots": () =>
        reply(200, [
          { id: "k1", date: "2027-03-02" },
          { id: "k2", date: "2027-03-03" },
          { id: "k3", date: "2027-03-04" },
        ]),
      "POST /visits": () => reply(201, { id: "v9" }),
      "GET /visits": () =>
        reply(200, [
          { id: "v1", plantName: "Minka" },
          { id: "v2", plantName: "Rex" },
        ]),
      "PATCH /visits/{id}": () => reply(200, {}),
      "DELETE /visits/{id}": () => ({ status: 204 }),
    },
  );
  return runPlannerSession({ planner: createPlanner(), apis: [api], goal, answer, seed });
}

const writes = (calls: readonly string[]): string[] => calls.filter((call) => !call.startsWith("GET"));

describe.each([1, 2])("with the seed %i", (seed) => {
  test("`it` is nothing else where nothing serves what was to be made", async () => {
    const { calls, finished } = await nursery("Add a wheelbarrow named Luna, then delete it.", seed);
    expect(writes(calls)).toEqual([]);
    expect(finished).toContain('"Add a wheelbarrow named Luna"');
    expect(finished).toContain('"delete it"');
  });

  test("`it` is of the kind that was looked for, where that has no list of its own", async () => {
    const { calls } = await nursery("Find a cactus, then measure it, 31.5 cm.", seed);
    expect(writes(calls)).toHaveLength(1);
    expect(writes(calls)[0]).toMatch(/^POST \/plants\/f\d\/measurings /);
    const any = await nursery("Find a shrub, then measure it, 31.5 cm.", seed);
    expect(writes(any.calls)).toHaveLength(1);
    expect(any.finished).toContain('nothing here serves "Find a shrub"');
  });

  test("a thing is made of the kind that the goal calls it by", async () => {
    const { calls } = await nursery("Add a fern named Luna for Tom Reuter.", seed);
    expect(writes(calls)).toEqual(['POST /plants {"name":"Luna","species":"fern","gardenerId":"g2"} -> 201']);
  });

  test("the one whose field is changed is no value of it", async () => {
    const { calls, finished } = await nursery("Change the phone number of Anna Kern to 0171-555.", seed);
    expect(writes(calls)).toEqual(['PATCH /gardeners/g1 {"phone":"0171-555"} -> 200']);
    expect(finished).toBe("Every part of the goal is done.");
  });

  test("a name is no reason where what it is for has names", async () => {
    const { calls } = await nursery("Book a visit for Minka on 3 March.", seed);
    expect(writes(calls)).toEqual(['POST /visits {"plantId":"f2","slotId":"k2"} -> 201']);
    const none = await nursery("Book a visit for Bruno on 3 March.", seed);
    expect(writes(none.calls)).toEqual([]);
    expect(none.finished).toBe('Cannot go on: nothing here is called "Bruno".');
  });

  test("the list shows which of several names is meant", async () => {
    const { calls, finished } = await nursery("Book a visit for Rex with Dr Vogel on 4 March.", seed);
    expect(writes(calls)).toEqual(['POST /visits {"plantId":"f1","slotId":"k3"} -> 201']);
    expect(finished).toBe('What was understood of the goal is done; not understood: "with Dr Vogel".');
  });

  test("a number behind a colon is none of the name's", async () => {
    const { calls } = await nursery("Measure Rex: 31.5 cm.", seed);
    expect(writes(calls)).toEqual(['POST /plants/f1/measurings {"cm":31.5} -> 201']);
  });

  test("a day behind to is the one that is chosen", async () => {
    const { calls, finished } = await nursery("Move the visit of Rex to 4 March.", seed);
    expect(writes(calls)).toEqual(['PATCH /visits/v2 {"slotId":"k3"} -> 200']);
    expect(finished).toBe("Every part of the goal is done.");
  });
});
