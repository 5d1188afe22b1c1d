import type { Page } from "@ape/core/protocol/page";
import { describe, expect, test } from "vitest";
import { errorPage } from "./error-page.ts";

const page = (more: Partial<Page>): Page => ({
  title: "",
  path: "/",
  text: "",
  links: [],
  forms: [],
  ...more,
});
const asIs = (text: string): string => text;
const like = (more: Partial<Page>) => errorPage(page(more), asIs)?.like;

test.each<[string, number | "expired" | "unproven" | undefined]>([
  ["404", 404],
  ["503!", 503],
  ["Error 404 - Page not found", 404],
  ["code: oops 503", 503],
  ["500 Internal Server Error", 500],
  ["582timeout", 582],
  ["435 not found", 435],
  ["419 Page expired", "expired"],
  ["404 things", undefined],
  ["x445", undefined],
  ["399", undefined],
  ["Not found", 404],
  ["oops, not found!", 404],
  ["The requested page you are looking for was not found.", 404],
  ["The page can't be found", 404],
  ["This document couldn’t be found", 404],
  ["That file does not exist", 404],
  ["The page canwt be found", undefined],
  ["not foundx", undefined],
  ["Lamp not found", undefined],
  ["We could not find the page", 404],
  ["Sorry, we can't find that page", 404],
  ["we couldn’t find this page", 404],
  ["Today we could not find the page", undefined],
  ["Internal Server Error", 500],
  ["Service unavailable", 500],
  ["Service temporarily unavailable", 500],
  ["Gateway timeout", 500],
  ["gateway time-out", 500],
  ["Uncaught TypeError", 500],
  ["A traceback", undefined],
  ["error occurred", "unproven"],
  ["Oops! An unexpected error has occurred", "unproven"],
  ["Something went wrong", "unproven"],
  ["Once something went wrong", undefined],
  ["Down for maintenance", 503],
  ["Closed for planned maintenance", 503],
  ["In maintenance", 503],
  ["Our service is currently under scheduled maintenance", 503],
  ["The shop is down", 503],
  ["We'll be right back", 503],
  ["We will be back", 503],
  ["Maintenance mode", 503],
  ["Welll be back", undefined],
  ["Yes we will be back", undefined],
  ["In maintenance mode", undefined],
  ["The old shop is down", undefined],
  ["A maintenance mode", undefined],
  ["Your session has expired", "expired"],
  ["page timeout", "expired"],
  ["Link timed out", "expired"],
  ["session time-out", "expired"],
  ["Invalid CSRF token", "expired"],
  ["bad antiforgery key", "expired"],
  ["The CSRF check failed", "expired"],
  ["csrf missing", "expired"],
  ["A bad form key", undefined],
  ["the old session timeout", undefined],
  ["Access denied", 403],
  ["Unauthorised", 403],
  ["unauthorized", 403],
  ["Not authorised", 403],
  ["You aren't allowed", 403],
  ["You arenot allowed", undefined],
  ["Just a moment...", 403],
  ["Security check", 403],
  ["Security check required!", 403],
  ["Security checkx", undefined],
  ["verify you are human", 403],
  ["Verifying that you are a human", 403],
  ["Please verify you are human", 403],
  ["DDoS-Guard", 403],
  ["robot check", undefined],
  ["Error", "unproven"],
  ["An error!", "unproven"],
  ["Oops...", "unproven"],
  ["Terror", undefined],
  ["Errors", undefined],
  ["Orders", undefined],
  ["This page doesn't exist", 404],
  ["This page doesn’t exist", 404],
  ["This page doesn-t exist", undefined],
  ["Uncaught x", 500],
  ["We are under maintenance", 503],
  ["site under maintenance", 503],
  ["site is under maintenance", 503],
  ["Nothing is under maintenance here", undefined],
  ["under maintenances", undefined],
  ["Site is offline", 503],
  ["session timeouts", "expired"],
  ["The forbidden planet", undefined],
  ["unauthorised", 403],
  ["You aren't authorized", 403],
  ["You are not authorised", 403],
  ["Request unsuccessful. See the incident", 403],
])("the heading %j is like %s", (heading, expected) => {
  expect(like({ heading })).toBe(expected);
  expect(like({ title: heading })).toBe(expected);
  expect(like({ text: `${heading}\nmore` })).toBe(expected);
});

test("of a title the site's name may stand beside it, before or behind", () => {
  for (const title of ["Error | Shop", "Shop - Not found", "Shop · Access denied", "Oops – Shop"])
    expect(like({ title }), title).toBeDefined();
  expect(like({ title: "Shop: Error" })).toBeUndefined();
});

test("a heading counts before the first line, and what was sent is taken out of both", () => {
  expect(like({ heading: "Orders", text: "Not found" })).toBeUndefined();
  expect(like({ heading: "Orders", title: "Not found" })).toBe(404);
  expect(errorPage(page({ heading: "Not found" }), (text) => text.replace("Not found", ""))).toBeUndefined();
  expect(errorPage(page({ heading: " Error! " }), asIs)).toEqual({ message: "Error!", like: "unproven" });
  expect(errorPage(page({ heading: `Not found${" ".repeat(200)}here` }), asIs)?.like).toBe(404);
});

describe("what stands where a page should be", () => {
  test.each([
    "Fatal error: x",
    "PHP Parse error: x",
    "Recoverable fatal error",
    "x Uncaught ErrorException",
    "Uncaught A\\B\\DomainError",
    "Traceback (most recent call last):",
    "  at com.x.Items.create(Items.java:12)",
    "SQLSTATE[42S02]",
    "Unhandled rejection",
    "x ORA-00942",
    "java.lang.NullPointerException",
    "org.x.DomainError",
    "Warning: mysqli_query(): x",
    "PHP Notice:  PDOStatement::execute",
    "Error: oci_parse(x",
    "You have an error in your SQL syntax",
    "Error: Duplicate entry 'a'",
    "MySQL Error - ERROR: duplicate key value violates",
    "duplicate key value violates unique constraint",
    "Duplicate entry 'a' for key",
    "PostgreSQL query error",
    "SQL error",
    "Error establishing a database connection",
    "Microsoft OLE DB Provider",
    "SQLITE_BUSY: locked",
    "django.db.utils.OperationalError",
    "Warning: mysql_query(): x",
    "Warning: PDO::query(): x",
    "Warning: PDO_x: y",
    "SQL Error: ERROR: a duplicate key value violates",
  ])("is a crash: %s", (text) => {
    expect(like({ heading: "Orders", text })).toBe(500);
    expect(like({ heading: "Orders", text: `one\n${text}` })).toBe(500);
    expect(like({ heading: "Orders", text: `${" x".repeat(200)}\n${text}` })).toBeUndefined();
  });

  test.each([
    "no Fatal error",
    "see org.x.DomainError",
    "meet at x(5.java:1)",
    "an Unhandled rejection",
    "a Traceback (most recent call last)",
    "Error: ocin",
    "see django.db.utils.x",
    "a Warning: PDO::query",
    "no SQL Error - Duplicate entry",
    "see SQL error",
    "x Duplicate entry '' for key",
    "on error establishing a database connection",
  ])("is none: %s", (text) => {
    expect(like({ heading: "Orders", text })).toBeUndefined();
  });

  test.each([
    "Incapsula incident ID: 1",
    "Access Denied\nyou may not.\nReference #18",
    "Access Denied Reference#18",
    "The requested URL was rejected",
    "Your support ID is 1",
    "Sucuri website firewall",
    "BitNinja: security",
    "This ip is blocked",
    "your ip address to this site has been temporarily blocked",
    "Your request was flagged",
    "Request blocked",
    "Generated by cloudfront",
    "Please enable JS and disable any ad blocker",
    "Please enable JS and disable any adblocker",
    "Press & Hold to confirm that you are human",
    "Press and Hold. A human?",
    "We are verifying that you are a human",
    "verify you are human",
  ])("is the answer of a filter: %s", (text) => {
    const found = errorPage(page({ heading: "Shop", text }), asIs);
    expect(found?.like).toBe("unproven");
    expect(found?.message).toMatch(/^a filter in front of it answered: \S/);
    expect(like({ heading: "Shop", text: text.padEnd(999, " x") })).toBe("unproven");
    expect(like({ heading: "Shop", text: text.padEnd(1_000, " x") })).toBeUndefined();
  });

  test.each(["You see: Access Denied Reference #1", "Your Request blocked"])("is not %s", (text) => {
    expect(like({ heading: "Shop", text })).toBeUndefined();
  });

  test("is told in 200 characters", () => {
    const text = `Access Denied ${"x".repeat(280)} Reference #1`;
    expect(errorPage(page({ heading: "Shop", text }), asIs)?.message).toBe(
      `a filter in front of it answered: ${text.slice(0, 200)}`,
    );
    expect(errorPage(page({ heading: "Shop", text: "\n at a.B.c(B.java:1)" }), asIs)?.message).toBe(
      "at a.B.c(B.java:1)",
    );
  });

  test("is nothing but warnings", () => {
    const one = "Notice: Undefined variable on line 12";
    expect(errorPage(page({ heading: "Shop", text: ` ${one}\nPHP Warning: x on line 3 ` }), asIs)).toEqual({
      message: `${one}\nPHP Warning: x on line 3`,
      like: "unproven",
    });
    expect(like({ heading: "Shop", text: `${one} and more` })).toBeUndefined();
    expect(like({ heading: "Shop", text: `A ${one}` })).toBeUndefined();
  });
});
