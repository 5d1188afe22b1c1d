import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { checkText } from "../../test/check-text.ts";
import { suggestChecks } from "./suggest-checks.ts";

const suggested = (goal: string, ...lines: readonly string[]): string[] =>
  suggestChecks(goal, [apiOf("rest", ...lines)]).checks.map(({ check }) => checkText(check));

test.each([
  [
    "Scrap a kiln, start a firing of another one",
    [
      "GET /kilns | Kilns | | [].kilnId [].name",
      "GET /kilns/{kilnId} | A kiln | | kilnId name",
      "DELETE /kilns/{kilnId} | Scrap a kiln",
      "POST /kilns/{kilnId}/firings | Start a firing | cone | id cone",
      "GET /firings/{id} | A firing | | id cone",
    ],
    ["DELETE /kilns/{kilnId}", "GET /kilns/{kilnId}", "POST /kilns/{kilnId2}/firings"],
  ],
  [
    "Cull a tree and record an inspection of another tree",
    [
      "GET /trees | Trees | | [].tag [].species",
      "GET /trees/{tag} | A tree | | tag species",
      "DELETE /trees/{tag} | Cull a tree",
      "POST /trees/{tag}/inspections | Record an inspection | note | id note",
    ],
    ["DELETE /trees/{tag}", "GET /trees/{tag}", "POST /trees/{tag2}/inspections"],
  ],
  [
    "Remove a boat, then log a trip of another boat",
    [
      "GET /boats | Boats | | [].id [].name",
      "GET /boats/{id} | A boat | | id name",
      "DELETE /boats/{id} | Remove a boat",
      "POST /boats/{id}/trips | Log a trip | port | id port",
    ],
    ["DELETE /boats/{boatId}", "GET /boats/{boatId}", "POST /boats/{id}/trips"],
  ],
] as const)("%s: a probe takes the id of the thing that its own part was about", (goal, lines, wanted) => {
  const texts = suggested(goal, ...lines);
  for (const [at, key] of wanted.entries()) expect(texts[at]).toContain(`${key} `.trim());
});
