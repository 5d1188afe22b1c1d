import { apiOf } from "@ape/catalog/test/api-lines";
import { expect, test } from "vitest";
import { nextCall, type Past } from "../test/next-call.ts";

const VESSELS = apiOf(
  "rest",
  "GET /vessels | Vessels | | [].id# [].name",
  "DELETE /vessels/{id} | Scrap a vessel | &confirm? &force?",
);
const TICKETS = apiOf(
  "rest",
  "GET /tickets | Tickets | | [].id# [].title",
  "POST /tickets/{id}/close | Close a ticket | confirmed? cascade? note | id#",
);
const FOLDERS = apiOf(
  "rest",
  "GET /folders | Folders | | [].id# [].name",
  "DELETE /folders/{id} | Delete a folder | &recursive? &acknowledge",
);

const vessels: Past = ["GET /vessels", 200, [{ id: 3, name: "Otter" }]];
const tickets: Past = ["GET /tickets", 200, [{ id: 8, title: "Lamp" }]];
const folders: Past = ["GET /folders", 200, [{ id: 5, name: "Old" }]];
const refused = (call: string, status: number, error: string): Past => [call, status, { error }];

test.each([
  [
    VESSELS,
    "Scrap vessel 3",
    [vessels, refused("DELETE /vessels/3", 428, "add confirm=true")],
    "DELETE /vessels/3?confirm=true",
  ],
  [
    TICKETS,
    "Close ticket 8",
    [tickets, refused("POST /tickets/8/close {}", 400, "confirmed is required")],
    'POST /tickets/8/close {"confirmed":true}',
  ],
  [
    FOLDERS,
    "Delete folder 5",
    [folders, refused("DELETE /folders/5", 422, "missing: acknowledge=yes")],
    "DELETE /folders/5?acknowledge=yes",
  ],
])("a confirmation that a refusal asks for is given once (%#)", (api, goal, past, call) => {
  expect(nextCall(api, goal, past as Past[])).toBe(call);
  const again = [...(past as Past[]), refused(call, 428, "add confirm=true, confirmed, acknowledge=yes")];
  expect(nextCall(api, goal, again)).toMatch(/^finish: (?:DELETE|POST) \S+ failed with 428/);
});

test.each([
  [VESSELS, "Scrap vessel 3", vessels, "DELETE /vessels/3", 400, "parameter force is required"],
  [VESSELS, "Scrap vessel 3", vessels, "DELETE /vessels/3", 409, "in use, repeat with force=true"],
  [TICKETS, "Close ticket 8", tickets, "POST /tickets/8/close {}", 422, "has open parts: cascade missing"],
  [FOLDERS, "Delete folder 5", folders, "DELETE /folders/5", 428, "not empty: use recursive=true"],
])("%# nothing is forced that the goal does not say", (api, goal, list, call, status, error) => {
  const past = [list, refused(call, status, error)];
  expect(nextCall(api, goal, past)).toMatch(
    /^finish: .* the goal does not ask for (?:force|cascade|recursive)/,
  );
});

test("what the goal says is forced", () => {
  const past = [vessels, refused("DELETE /vessels/3", 400, "parameter force is required")];
  expect(nextCall(VESSELS, "Scrap vessel 3 with force", past)).toBe("DELETE /vessels/3?force=true");
});
