import type { Page, PageForm } from "@ape/core/protocol/page";
import { expect, test } from "vitest";
import { goalName, suggestGoals } from "./answers/suggest.ts";
import { describeWebApi } from "./web-api-description.ts";

const form = (path: string, label: string): PageForm => ({
  id: "1",
  label,
  method: "POST",
  path,
  enctype: "application/x-www-form-urlencoded",
  controls: [{ name: "name", type: "text", label: "Name", value: "", required: true }],
});
const page = (path: string, heading: string, forms: PageForm[], text = ""): Page => ({
  title: heading,
  heading,
  path,
  text,
  links: [],
  forms,
});

test.each([
  ["Sign up for the course", "Course", "Sign up for the course"],
  ["Submit", "Register a bike", "Register a bike"],
  ["Next", "Apply for a card", "Apply for a card"],
  ["OK", "Contact us", "Contact us"],
  ["Send", "Questions", "Submit Questions"],
])("a form whose button says %j on the page %j does: %s", (label, heading, summary) => {
  const { operations } = describeWebApi("app", [page("/f", heading, [form("/f", label)])]);
  expect(operations.find(({ method }) => method === "POST")?.summary).toBe(summary);
});

test("a form that leads to a further one is marked, and makes no goal of its own", () => {
  const first = page("/card", "Library card", [form("/card", "Go")], "Step 1 of 2");
  const api = describeWebApi("app", [first, page("/book", "Guestbook", [form("/book", "Sign the book")])]);
  expect(api.operations.flatMap(({ path, leadsOn }) => (leadsOn === true ? path : []))).toEqual(["/card"]);
  expect(suggestGoals(api)[0]?.prompt).toBe("Sign the book.");
  expect(goalName("Sign the book.", [])).toBe("sign-book");
});
