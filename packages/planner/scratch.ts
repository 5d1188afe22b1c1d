import { runSiteSession, type Site, type SitePage } from "./test/site.ts";
import { createPlanner } from "./src/planner.ts";
function clinic(): Site {
  let user = false; let appts: any[] = []; let n = 0; let pets: any[] = [];
  const page = (title: string, more: Partial<SitePage> = {}): SitePage => ({ title, ...more,
    links: [...(user ? ["Dashboard|/", "Doctors|/doctors", "My appointments|/appointments", "My pets|/pets", "Profile|/profile", "Log out|/logout"] : ["Log in|/login"]), ...(more.links ?? [])], forms: more.forms ?? [] });
  const docs = [["1","Dr Sommer","dentist"],["2","Dr Winter","surgeon"],["3","Dr Herbst","dentist"]];
  const login = page("Log in", { forms: [{ button: "Log in", sends: "POST /login", fields: "user! password:password!" }] });
  const appt = (a: any) => page(`Appointment ${a.id}`, { text: `Appointment ${a.id}\nDoctor: ${a.doctor}\nDate: ${a.date}\nTime: ${a.time}\nReason: ${a.reason}\nStatus: ${a.status}`, links: [`Reschedule|/appointments/${a.id}/edit`], forms: [{ button: "Cancel appointment", sends: `POST /appointments/${a.id}/cancel` }, { button: "Send question", sends: `POST /appointments/${a.id}/questions`, fields: "question:textarea!" }] });
  return (call, data: any) => {
    if (!user && call !== "POST /login" && call !== "GET /") return { page: login };
    const [, method, path] = /^(\w+) (\S+)$/.exec(call) as any;
    let m;
    if (call === "GET /") return { page: page("Clinic") };
    if (call === "POST /login") { user = true; return { page: page("Welcome") }; }
    if (call === "GET /logout") { user = false; return { page: login }; }
    if (call === "GET /doctors") return { page: page("Doctors", { links: docs.map(([i, d, k]) => `${d}|/doctors/${i}|${d}, ${k}, Main street`) }) };
    if ((m = /^GET \/doctors\/(\d)$/.exec(call))) { const d = docs[+m[1]! - 1]!; return { page: page(d[1]!, { text: `${d[1]} is a ${d[2]}`, links: [`Book an appointment|/doctors/${m[1]}/book`] }) }; }
    if ((m = /^GET \/doctors\/(\d)\/book$/.exec(call))) return { page: page(`Book with ${docs[+m[1]! - 1]![1]}`, { forms: [{ button: "Book", sends: `POST /doctors/${m[1]}/book`, fields: "date:date! time! reason:textarea! pet:select=,Rex,Mia reminder:checkbox" }] }) };
    if ((m = /^POST \/doctors\/(\d)\/book$/.exec(call))) { const a = { id: ++n, doctor: docs[+m[1]! - 1]![1], status: "booked", ...data }; appts.push(a); return { page: appt(a) }; }
    if (call === "GET /appointments") return { page: page("My appointments", { links: appts.map((a) => `Appointment ${a.id}|/appointments/${a.id}|Appointment ${a.id} with ${a.doctor} on ${a.date}, ${a.status}`) }) };
    if ((m = /^GET \/appointments\/(\d+)$/.exec(call))) return { page: appt(appts[+m[1]! - 1]) };
    if ((m = /^GET \/appointments\/(\d+)\/edit$/.exec(call))) return { page: page(`Reschedule appointment ${m[1]}`, { forms: [{ button: "Save", sends: `POST /appointments/${m[1]}/edit`, fields: "date:date time" }] }) };
    if ((m = /^POST \/appointments\/(\d+)\/edit$/.exec(call))) { Object.assign(appts[+m[1]! - 1], data); return { page: appt(appts[+m[1]! - 1]) }; }
    if ((m = /^POST \/appointments\/(\d+)\/cancel$/.exec(call))) { appts[+m[1]! - 1].status = "cancelled"; return { page: appt(appts[+m[1]! - 1]) }; }
    if ((m = /^POST \/appointments\/(\d+)\/questions$/.exec(call))) return { page: page("Your question was sent") };
    if (call === "GET /pets") return { page: page("My pets", { links: ["Add a pet|/pets/new", ...pets.map((p) => `${p.name}|/pets/${p.id}|${p.name}, ${p.species}`)] }) };
    if (call === "GET /pets/new") return { page: page("Add a pet", { forms: [{ button: "Save", sends: "POST /pets", fields: "name! species:select!=dog,cat,bird weight:number birthday:date vaccinated:checkbox" }] }) };
    if (call === "POST /pets") { const p = { id: pets.length + 1, ...data }; pets.push(p); return { page: page(p.name, { text: `${p.name} ${p.species} ${p.weight} kg`, links: [`Edit|/pets/${p.id}/edit`], forms: [{ button: "Remove", sends: `POST /pets/${p.id}/remove` }] }) }; }
    if ((m = /^GET \/pets\/(\d+)$/.exec(call))) { const p = pets[+m[1]! - 1]; return { page: page(p.name, { text: `${p.name} ${p.species}`, links: [`Edit|/pets/${p.id}/edit`], forms: [{ button: "Remove", sends: `POST /pets/${p.id}/remove` }] }) }; }
    if ((m = /^GET \/pets\/(\d+)\/edit$/.exec(call))) return { page: page(`Edit ${pets[+m[1]! - 1].name}`, { forms: [{ button: "Save", sends: `POST /pets/${m[1]}/edit`, fields: "name species:select=dog,cat,bird weight:number vaccinated:checkbox" }] }) };
    if ((m = /^POST \/pets\/(\d+)\/edit$/.exec(call))) { Object.assign(pets[+m[1]! - 1], data); return { page: page("Saved") }; }
    if ((m = /^POST \/pets\/(\d+)\/remove$/.exec(call))) return { page: page("Removed") };
    if (call === "GET /profile") return { page: page("Profile", { forms: [{ button: "Update profile", sends: "POST /profile", fields: "first_name last_name phone newsletter:checkbox language:select=English,German" }, { button: "Delete account", sends: "POST /profile/delete" }] }) };
    if (call === "POST /profile") return { page: page("Profile", { text: "Your profile was updated" }) };
    return { page: page("Not found"), status: 404 };
  };
}
const goals = process.env.G ? [process.env.G] : [
  "Log in, book an appointment with Dr Winter on 3 May 2031 at 10:30 because of \"a sore tooth\", then move it to 4 May 2031 at 11:00, log out.",
  "Log in, find a dentist, book an appointment for Mia with reminder, ask \"Can I park there?\", then cancel it.",
  "Log in, add a cat called Tom that weighs 4 kg, change its weight to 5, then remove it.",
  "Log in, register a vaccinated dog named Bello, log out.",
  "Log in, change my phone number to 0664 1234 and subscribe to the newsletter.",
  "Log in, switch the language to German.",
  "Log in, pay the invoice of April.",
  "Sign in, look at my appointments.",
  "Log in, book two appointments with Dr Herbst.",
  "Log in, delete my account.",
];
for (const g of goals.filter((_, i) => process.argv[2] === undefined || process.argv.slice(2).includes(String(i)))) console.log([g, ...runSiteSession(createPlanner(), g, clinic())].filter((l) => !/login|"Sign in"/.test(l)).join("\n  "), "\n");
