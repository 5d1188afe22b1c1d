import { join } from "node:path";
import type { JsonObject } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { runSiteSession, type Site, type SiteForm, type SitePage } from "../../test/site.ts";
import { createPlanner } from "../planner.ts";

const FLEET = [
  ["1", "Sloop Vega", "red", "ready"],
  ["2", "Yawl Mira", "blue", "ready"],
  ["3", "Sloop Alma", "blue", "in dock"],
];

/** Boats that can be edited, and hired on four pages. */
function harbour(): Site {
  let user = false;
  const page = (title: string, more: Partial<SitePage> = {}): SitePage => ({
    title,
    ...more,
    links: [...(user ? ["Boats|/boats", "Hire a boat|/hire"] : ["Sign in|/login"]), ...(more.links ?? [])],
    forms: [...(user ? [{ button: "Log out", sends: "POST /logout" }] : []), ...(more.forms ?? [])],
  });
  const login = page("Sign in", {
    forms: [{ button: "Sign in", sends: "POST /login", fields: "user! password:password!" }],
  });
  const route: SiteForm = {
    button: "Next",
    sends: "POST /hire",
    fields: "from:select=Kiel,Oslo,Riga to:select=Kiel,Oslo,Riga",
  };
  return (call, data: JsonObject) => {
    const boat = FLEET.find(([id]) => call.startsWith(`GET /boats/${id}`));
    if (!user && call !== "POST /login") return { page: call === "GET /" ? page("Harbour") : login };
    if (boat !== undefined && call.endsWith("/edit"))
      return {
        page: page(`Edit ${boat[1]}`, {
          forms: [
            {
              button: "Save changes",
              sends: `POST /boats/${boat[0]}`,
              fields: "name colour berth note:textarea state:select=ready,docked,sold",
            },
          ],
        }),
      };
    if (boat !== undefined)
      return {
        page: page(String(boat[1]), {
          links: [`Edit|/boats/${boat[0]}/edit`],
          forms: [{ button: "Delete", sends: `POST /boats/${boat[0]}/delete` }],
        }),
      };
    if (/^POST \/boats\/\d$/.test(call)) return { page: page("Your changes were saved") };
    if (/^POST \/boats\/\d\/delete$/.test(call)) return { page: page("The boat is gone") };
    switch (call) {
      case "POST /login":
        user = true;
        return { page: page("Welcome, ann") };
      case "POST /logout":
        user = false;
        return { page: login };
      case "GET /boats":
        return {
          page: page("Boats", {
            links: FLEET.map(
              ([id, name, colour, state]) => `${name}|/boats/${id}|${colour} ${name}, ${state}, 20 feet`,
            ),
          }),
        };
      case "GET /hire":
        return { page: page("Hire a boat: route", { text: "Step 1 of 3", forms: [route] }) };
      case "POST /hire":
        return data.from === data.to
          ? {
              page: page("Hire a boat: route", {
                text: "Step 1 of 3\nThe harbours must differ.",
                forms: [route],
              }),
              status: 422,
            }
          : {
              page: page("Hire a boat: extras", {
                text: "Step 2 of 3",
                forms: [
                  {
                    button: "Next",
                    sends: "POST /hire/extras",
                    fields: "day:date! skipper:checkbox remark:textarea",
                  },
                ],
              }),
            };
      case "POST /hire/extras":
        return {
          page: page("Hire a boat: check", {
            text: "Step 3 of 3",
            forms: [{ button: "Place hire", sends: "POST /hire/check" }],
          }),
        };
      case "POST /hire/check":
        return {
          page: page("Hire 5", {
            text: "Thank you, hire 5 is made",
            forms: [{ button: "Cancel this hire", sends: "POST /hires/5/cancel" }],
          }),
        };
      case "POST /hires/5/cancel":
        return { page: page("Hire 5 is cancelled") };
      default:
        return { page: page("Harbour") };
    }
  };
}

const GOALS = [
  "Log in, hire a boat from Oslo to Kiel on 3 May 2031 with skipper, confirm it, log out.",
  'Log in, hire a boat, leave the remark "no sails", then cancel it.',
  "Log in, hire a boat for 4 people under 500 EUR before Friday with a dog.",
  "Log in, find a blue sloop, mark it as docked, log out.",
  'Log in, find the yawl, change its berth to C7 and add the note "mast torn".',
  "Log in, open the yawl and paint it.",
];

/** Not all that they do is what their goals want: a change of the planner shows what it changes. */
test("sessions with forms of several pages and of many fields, call by call, as they were reviewed", async () => {
  const planner = createPlanner();
  const texts = GOALS.map((goal) => [goal, ...runSiteSession(planner, goal, harbour())].join("\n  "));
  await expect(`${texts.join("\n\n")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "../../test/approved/site-forms.txt"),
  );
});
