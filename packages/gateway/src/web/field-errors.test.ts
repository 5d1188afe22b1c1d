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
