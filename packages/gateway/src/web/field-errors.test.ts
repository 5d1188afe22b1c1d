import fc from "fast-check";
import { expect, test } from "vitest";
import { readPage } from "./page.ts";
import { TargetUrl } from "./target-url.ts";

const place = new TargetUrl("http://app.test", "");

/** What is said of the controls of the page's forms, by name. */
function errors(html: string): Record<string, string | undefined> {
  const { forms } = readPage(html, place.url("/"), place);
  return Object.fromEntries(
    forms.flatMap(({ controls }) => controls.map(({ name, error }) => [name, error] as const)),
  );
}

test.each([
  [
    "a list in the control's row",
    '<div class="row errors"><ul class="errorlist"><li>This field is required.</li></ul><div><label for=a>Name:</label><input id=a name=a></div></div>',
  ],
  [
    "an element behind the control",
    "<p><input name=a><span class=field-error>This field is required.</span></p>",
  ],
  [
    "a marked control with its feedback",
    "<div><input class='form-control is-invalid' name=a><div class=invalid-feedback>This field is required.</div></div>",
  ],
  [
    "aria-errormessage",
    "<input name=a aria-invalid=true aria-errormessage=e><p>...</p><i id=e>This field is required.</i>",
  ],
  [
    "aria-describedby",
    '<input name=a aria-invalid="true" aria-describedby="none e"><p>...</p><i id=e>This field is required.</i>',
  ],
  ["an alert", "<div><select name=a></select><b role=alert>This field is required.</b></div>"],
])("what a page says of a control is told with it: %s", (_, html) => {
  const other = "<div><input name=b><small class=help>Any will do.</small></div>";
  expect(errors(`<form method=post>${html}${other}</form>`)).toEqual({
    a: "This field is required.",
    b: undefined,
  });
});

test.each([
  ["what belongs to the whole form", "<p class=error>Wrong name.</p><input name=a><input name=b>"],
  [
    "feedback that waits to be shown",
    "<div><input name=a><div class=invalid-feedback>Say it.</div></div><input name=b>",
  ],
  [
    "what nobody sees",
    "<div><input name=a><i class=error hidden>No.</i></div><div><input name=b><i class=error></i></div>",
  ],
  [
    "a description of what is valid",
    "<input name=a aria-describedby=e><i id=e>At least 8.</i><input name=b aria-invalid=false aria-errormessage=e>",
  ],
  ["a warning elsewhere", "<div><input name=a><input name=b><p class=error>One of both is wrong.</p></div>"],
  ["a class that only sounds alike", "<div><input name=a><i class=terror>Boo</i></div><input name=b>"],
])("%s is said of no control", (_, html) => {
  expect(errors(`<form method=post>${html}</form>`)).toEqual({ a: undefined, b: undefined });
});

test("radio buttons of a name have one complaint, and what is hidden has none", () => {
  expect(
    errors(
      "<form><fieldset><i class=error>Choose one.</i><label><input type=radio name=a value=1>1</label><label><input type=radio name=a value=2>2</label><input type=hidden name=b></fieldset></form>",
    ),
  ).toEqual({ a: "Choose one.", b: undefined });
});

test("a page as full of marks as it likes is read", () => {
  const deep = `${"<div class=error>".repeat(20_000)}No.`;
  expect(errors(`<form><p><input name=a></p>${deep}`)).toEqual({ a: undefined });
});

test("no mark-up breaks it, and what is told is bounded", () => {
  const piece = fc.constantFrom(
    "<div class=error>",
    "</div>",
    "<form>",
    "<input name=a aria-invalid=true aria-describedby='x y x'>",
    "<i id=x class=invalid>",
    "<label><select name=c>",
    "long ".repeat(100),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      for (const said of Object.values(errors(`<form>${pieces.join("")}`)))
        expect(said?.length ?? 0).toBeLessThanOrEqual(200);
    }),
  );
});

const SAID = "This is wrong.";
/** What is said of a control `a` in a form with another one. */
const said = (html: string, before = ""): string | undefined =>
  errors(`${before}<form method=post>${html}<p><input name=b></p></form>`).a;

test.each(["error", "errors", "errorlist", "is-danger", "text_danger", "error-text", "invalid"])(
  "a text with the class %s behind a control is its message",
  (mark) => {
    expect(said(`<p><input name=a><i class="${mark}">${SAID}</i></p>`)).toBe(SAID);
    expect(said(`<p><input name=a><i class="x${mark}x">${SAID}</i></p>`)).toBeUndefined();
  },
);

test.each(["invalid-feedback", "x invalid-tooltip", "my-invalid-feedback", "invalid-feedback y"])(
  "a text with the class %s waits until its control is marked",
  (mark) => {
    const control = (more: string) => said(`<p><input name=a ${more}><i class="${mark}">${SAID}</i></p>`);
    expect(control("")).toBeUndefined();
    expect(control("class=is-invalid")).toBe(SAID);
    expect(control("aria-invalid=true")).toBe(SAID);
    expect(control("aria-invalid=false")).toBeUndefined();
  },
);

test("what only begins like waiting feedback does not wait", () => {
  expect(said(`<p><input name=a><i class="error invalid-feedbacks">${SAID}</i></p>`)).toBe(SAID);
});

test.each(
  (
    "is-invalid invalid error has-error has-errors is-error is-danger field_with_errors fieldwitherror field-with-error " +
    "fieldWithErrors input-validation-error form-control-danger input-error form-error field-error p-invalid " +
    "usa-form-group--error govuk-form-group--error"
  ).split(" "),
)("a class %s of a control or of its row says that it is wrong", (mark) => {
  expect(said(`<p><input name=a class="x ${mark} y"></p>`)).toBe("is marked as invalid");
  expect(said(`<div class="x ${mark} y"><span><input name=a></span></div>`)).toBe("is marked as invalid");
  expect(said(`<p><input name=a class="x${mark}"></p>`)).toBeUndefined();
  expect(said(`<p><input name=a class="${mark}x"></p>`)).toBeUndefined();
});

test.each(["help", "help-block", "x help-inline", "hint y", "feedback", "message"])(
  "a hint with the class %s in a row that is wrong says why",
  (mark) => {
    for (const name of ["span", "p", "div", "small"])
      expect(
        said(
          `<div class=has-error><div><input name=a></div><${name} class="${mark}">${SAID}</${name}></div>`,
        ),
      ).toBe(SAID);
    expect(said(`<div class=has-error><input name=a><b class="${mark}">${SAID}</b></div>`)).toBe(
      "is marked as invalid",
    );
    expect(said(`<div class=has-error><input name=a><p class="x${mark}x">${SAID}</p></div>`)).toBe(
      "is marked as invalid",
    );
    expect(said(`<div class=has-error><input name=a><p class="${mark}"></p></div>`)).toBe(
      "is marked as invalid",
    );
  },
);

test.each<[string, string, string | undefined]>([
  ["a row with another control", `<div class=has-error><input name=a><input name=c></div>`, undefined],
  [
    "a row with a list of choices",
    `<div class=has-error><input name=a><select name=c></select></div>`,
    undefined,
  ],
  [
    "a row with a text field",
    `<div class=has-error><input name=a><textarea name=c></textarea></div>`,
    undefined,
  ],
  [
    "a row with a hidden control",
    `<div class=has-error><input name=a><input type=hidden name=c></div>`,
    "is marked as invalid",
  ],
  [
    "a row with two checkboxes of a name",
    `<div class=has-error><input type=checkbox name=a value=1><input type=checkbox name=a value=2></div>`,
    "is marked as invalid",
  ],
  [
    "a row with two checkboxes of two names",
    `<div class=has-error><input type=checkbox name=a value=1><input type=checkbox name=c></div>`,
    undefined,
  ],
  ["a row with two texts of a name", `<div class=has-error><input name=a><input name=a></div>`, undefined],
  [
    "two rows, one of them with another control",
    `<div class=has-error><p><input name=a></p><p><input name=c></p></div>`,
    undefined,
  ],
  [
    "a row four levels up",
    `<div class=has-error><p><b><i><input name=a></i></b></p></div>`,
    "is marked as invalid",
  ],
  [
    "a row five levels up",
    `<div class=has-error><p><b><i><u><input name=a></u></i></b></p></div>`,
    undefined,
  ],
  [
    "a message four levels up",
    `<div><u class=error>${SAID}</u><p><b><i><input name=a></i></b></p></div>`,
    SAID,
  ],
  [
    "a message five levels up",
    `<div><s class=error>${SAID}</s><p><b><i><u><input name=a></u></i></b></p></div>`,
    undefined,
  ],
  ["a row that is the message", `<p class=error><input name=a></p>`, "is marked as invalid"],
  ["a message around a control", `<p><i class=error><input name=c>${SAID}</i><input name=a></p>`, undefined],
  ["a label in red", `<p><label class=error>${SAID}</label><input name=a></p>`, undefined],
  [
    "a message that says nothing before one that does",
    `<p><input name=a><i class=error></i><u class=error>${SAID}</u></p>`,
    SAID,
  ],
  [
    "several ids",
    `<p><input name=a aria-invalid=true aria-describedby="x  y"></p><i id=x>One.</i><i id=y>Two.</i>`,
    "One. Two.",
  ],
  ["a message over two lines", `<p><input name=a><div class=error><p>One.<p>Two.</div></p>`, undefined],
  ["a control alone that is invalid", `<p><input name=a aria-invalid=true></p>`, "is marked as invalid"],
  ["a control alone that is not", `<p><input name=a aria-invalid=false></p>`, undefined],
  ["a control alone that may be", `<p><input name=a aria-invalid=grammar></p>`, undefined],
])("%s", (_name, html, wanted) => {
  expect(said(html)).toBe(wanted);
});

test("what is around a form, or the page, is of no control alone", () => {
  expect(
    errors("<body class=has-error><form class=has-error><input name=a></form></body>").a,
  ).toBeUndefined();
  expect(errors(`<div><i class=error>${SAID}</i><form><input name=a></form></div>`).a).toBeUndefined();
  expect(
    errors(`<body><input name=a form=f><i class=error>${SAID}</i><form id=f></form></body>`).a,
  ).toBeUndefined();
});

test("a hundred marks of a page are read", () => {
  const marks = (count: number) => "<i class=error>x</i>".repeat(count);
  const row = `<p><input name=a><i class=error>${SAID}</i></p>`;
  expect([said(row, marks(99)), said(row, marks(100))]).toEqual([SAID, undefined]);
});
