import { expect, test } from "vitest";
import { PYTHON, startDjangoAdmin } from "../targets/django-admin.ts";
import { ProjectFolder } from "./ape.ts";

const CLERKS = Array.from({ length: 24 }, (_, index) => ({
  username: `clerk${index}`,
  password: `open-sesame-${index * 13 + 1000}`,
  group: `${["Night", "Harbour", "Garden", "Attic"][index % 4]} crew ${index}`,
}));

/** An entry of the book that the admin site keeps of who has done what. */
interface Entry {
  username: string;
  /** 1 for an addition, 3 for a deletion. */
  flag: number;
  thing: string;
}

const csv = (rows: typeof CLERKS, columns: (keyof (typeof CLERKS)[0])[]): string =>
  [columns, ...rows.map((row) => columns.map((column) => row[column]))].join("\n");

/** Runs goals in words against Django's admin site, and expects every session to succeed. */
async function work(goals: string, sessions: number) {
  const site = await startDjangoAdmin(PYTHON ?? "", CLERKS);
  const folder = await ProjectFolder.create({
    "keepers.csv": csv(CLERKS.slice(0, 12), ["username", "password", "group"]),
    "cleaners.csv": csv(CLERKS.slice(12), ["username", "password", "group"]),
    "plain.csv": csv(CLERKS, ["username", "password"]),
    "ape.config.yaml": `version: 1
targets: { office: { kind: web, baseUrl: "${site.url}" } }
goals:
${goals}
load: { agents: 6, sessions: ${sessions} }
`,
  });
  try {
    const { exit, stderr, stdout } = await folder.run(["start", "--seed", "3"]);
    const events = await folder.events();
    const ended = events.flatMap((event) => (event.type === "session_ended" ? [event] : []));
    expect(
      ended.filter(({ outcome }) => outcome !== "succeeded"),
      stdout + stderr,
    ).toEqual([]);
    expect(exit, stdout + stderr).toBe(0);
    expect(ended).toHaveLength(sessions);
    for (const { password } of CLERKS) expect(JSON.stringify(events)).not.toContain(password);
    return {
      events,
      /** Who each session was, by its goal. */
      clerks: (goal: string, rows: typeof CLERKS) =>
        events.flatMap((event) =>
          event.type === "session_started" && event.goal === goal ? [rows[event.row ?? -1]] : [],
        ),
      groups: site.rows<{ name: string }>("select name from auth_group").map(({ name }) => name),
      book: site.rows<Entry>(
        "select username, action_flag as flag, object_repr as thing from django_admin_log log join auth_user on auth_user.id = log.user_id order by log.id",
      ),
      loggedIn: site.rows("select * from django_session").length,
    };
  } finally {
    await folder.remove();
    await site.close();
  }
}

const sorted = (list: readonly string[]): string[] => [...list].sort();

test.skipIf(PYTHON === undefined)(
  "Django's admin site: agents log in, add, look, delete and log out, as the site's own database says",
  { timeout: 120_000 },
  async () => {
    const { clerks, groups, book, loggedIn } = await work(
      `  - name: keep
    prompt: Log in, add a group, look at the group, log out.
    data: { file: ./keepers.csv, unique: true, secret: [password] }
    success:
      - action: { operation: "POST /auth/group/add/", status: 200 }
      - action: { operation: "GET /auth/group/{id}/change/", status: 200 }
      - action: { operation: "GET /logout/", status: 200 }
  - name: clean
    prompt: Log in, add a group, look at it, delete the group, log out.
    data: { file: ./cleaners.csv, unique: true, secret: [password] }
    success:
      - action: { operation: "POST /auth/group/{id}/delete/", status: 200 }
      - action: { operation: "GET /logout/", status: 200 }`,
      12,
    );
    const kept = clerks("keep", CLERKS.slice(0, 12));
    const cleaned = clerks("clean", CLERKS.slice(12));
    expect(kept.length).toBeGreaterThan(0);
    expect(cleaned.length).toBeGreaterThan(0);
    const told = (flag: number) =>
      sorted(
        book.filter((entry) => entry.flag === flag).map(({ username, thing }) => `${username}: ${thing}`),
      );
    const own = (list: typeof kept) => sorted(list.map((clerk) => `${clerk?.username}: ${clerk?.group}`));
    expect(told(1)).toEqual(own([...kept, ...cleaned]));
    expect(told(3)).toEqual(own(cleaned));
    expect(sorted(groups)).toEqual(sorted(kept.map((clerk) => clerk?.group ?? "")));
    expect(loggedIn).toBe(0);
  },
);

test.skipIf(PYTHON === undefined)(
  "Django's admin site: a form that comes back with a complaint is filled in again",
  { timeout: 120_000 },
  async () => {
    const { events, groups, book, loggedIn } = await work(
      `  - name: same
    prompt: Log in, add a group called "Night crew", look at the group, log out.
    data: { file: ./plain.csv, unique: true, secret: [password] }
    success:
      - action: { operation: "GET /auth/group/{id}/change/", status: 200 }
      - action: { operation: "GET /logout/", status: 200 }`,
      8,
    );
    expect(groups).toHaveLength(8);
    expect(new Set(groups).size).toBe(8);
    expect(groups.every((name) => name.startsWith("Night crew"))).toBe(true);
    expect(groups.filter((name) => name === "Night crew")).toHaveLength(1);
    expect(book.map(({ flag }) => flag)).toEqual(Array.from({ length: 8 }, () => 1));
    expect(loggedIn).toBe(0);
    // Each of the others was refused once and changed nothing but the name.
    const sent = events.filter(
      (event) => event.type === "step" && event.action?.operation === "POST /auth/group/add/",
    );
    expect(sent).toHaveLength(15);
  },
);
