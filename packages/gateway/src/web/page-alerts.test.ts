import { describe, expect, test } from "vitest";
import { HtmlDocument } from "./html-document.ts";
import { messagesOf } from "./page-alerts.ts";

const read = (html: string) => messagesOf(new HtmlDocument(html));
const alerts = (html: string): string[] =>
  read(html).alerts.map(({ text, isError }) => `${isError ? "error" : "any"}: ${text}`);
const div = (classes: string, text = "Oh no"): string => `<div class="${classes}">${text}</div>`;

test.each([
  "alert alert-danger",
  "alerts error",
  "flash-failure",
  "flashes failed",
  "message invalid",
  "messagebox negative",
  "notification critical",
  "notices fail",
  "toast errors",
  "callout danger",
  "banner errornote",
  "MuiAlert-standardError",
  "errornote",
  "errorlist",
  "errorMessage",
  "error_msg",
  "error summary",
  "errorbox",
  "login-error",
  "form_summary_errors",
  "mat-error",
  "callout alert",
  "flash_alert",
  "alert-box alert",
  "error",
  "errors",
  "is-danger",
  "invalid-tooltip",
  "error hint",
  "validation-help",
  "help-block-error",
  "help text error",
  "error message",
  "error-message",
  "flashalert",
  "form summary error",
  "form-summary-errors",
])("the class %j marks an error", (classes) => {
  expect(alerts(div(classes))).toEqual(["error: Oh no"]);
  expect(alerts(div(`x ${classes} y`))).toEqual(["error: Oh no"]);
  expect(alerts(`<div id="${classes}">Oh no</div>`)).toEqual(["error: Oh no"]);
  // Part of a longer word.
  expect(alerts(div(classes.replaceAll(/\S+/g, (name) => `x${name.toLowerCase()}x`)))).toEqual([]);
});

test.each(["flash", "flashes", "flash-message", "wp-die-message"])(
  "the class %j marks a message",
  (classes) => {
    expect(alerts(div(classes))).toEqual(["any: Oh no"]);
    expect(alerts(div(`${classes} success`))).toEqual([]);
  },
);

test.each([
  ["role", "alert", "any: Oh no"],
  ["id", "alert", "any: Oh no"],
  ["id", "flash_alert", "error: Oh no"],
  ["id", "flasherror", "any: Oh no"],
  ["class", "alert", "any: Oh no"],
])("an element with %s=%j is a message", (name, value, shown) => {
  expect(alerts(`<p ${name}="${value}">Oh no</p>`)).toEqual([shown]);
});

test.each(["alertx", "error-log", "danger", "role", "notice", "flash2error"])(
  "the class %j marks none",
  (classes) => {
    expect(alerts(div(classes))).toEqual([]);
  },
);

test.each([
  ["alert success", true],
  ["flash-info", true],
  ["toast positive", true],
  ["success", true],
  ["notice", true],
  ["is-success", true],
  ["primary", false],
  ["alert success error", false],
  ["successful", false],
  ["unsuccess", false],
])("the class %j marks good news: %s", (classes, good) => {
  expect(read(div(classes, "Well done"))).toEqual({ alerts: [], notices: good ? ["Well done"] : [] });
});

describe("colours of a block tell a sentence", () => {
  const said = "That did not work";
  test.each([
    [`<p class="bg-red-50">${said}</p>`, "alert"],
    [`<div class="x bg-rose-100 y">${said}</div>`, "alert"],
    [`<section style="color: red">${said}</section>`, "alert"],
    [`<p style="margin:0; color :#f00">${said}</p>`, "alert"],
    [`<p class="bg-green-50">${said}</p>`, "notice"],
    [`<p class="x bg-emerald-900 y">${said}</p>`, "notice"],
    [`<p style="color:green">${said}</p>`, "notice"],
    [`<span class="bg-red-50">${said}</span>`, "none"],
    [`<p class="bg-red-5">${said}</p>`, "none"],
    [`<p class="bg-red-1000">${said}</p>`, "none"],
    [`<p class="xbg-red-50">${said}</p>`, "none"],
    [`<p style="background-color:red">${said}</p>`, "none"],
    [`<p style="color:redder">${said}</p>`, "none"],
    [`<p class="bg-red-50">Two words</p>`, "none"],
    [`<ul><li><p class="bg-red-50">${said}</p></li></ul>`, "none"],
    [`<table><tr><td><div class="bg-red-50">${said}</div></td></tr></table>`, "none"],
  ])("%s: %s", (html, kind) => {
    const { alerts: bad, notices } = read(html);
    expect(bad.length > 0 ? "alert" : notices.length > 0 ? "notice" : "none").toBe(kind);
  });
});

test.each([
  '<tr class="error"><td>Oh no</td></tr>',
  '<td class="alert-danger">Oh no</td>',
  '<tbody class="errors"><tr><td>Oh no</td></tr></tbody>',
])("a part of a table is about a thing: %s", (row) => {
  expect(alerts(`<table>${row}</table>`)).toEqual([]);
  expect(alerts(`<table>${row.replace(/^<(\w+)/, '<$1 role="alert"')}</table>`)).toEqual([
    expect.stringContaining("Oh no"),
  ]);
});

test("an item of a list is a message only where all of them are, or the list is marked", () => {
  const list = (items: string, classes = "") => `<ul class="${classes}">${items}</ul>`;
  expect(alerts(list('<li class="error">One</li><li class="error">Two</li>'))).toEqual([
    "error: One",
    "error: Two",
  ]);
  expect(alerts(list('<li class="error">One</li><li>Two</li>'))).toEqual([]);
  expect(alerts(list('<li class="error">One</li><li>Two</li>', "messages"))).toEqual(["error: One"]);
  expect(alerts(list('<li class="error">One</li><li>Two</li>', "things"))).toEqual([]);
});

test.each([
  '<div hidden class="error">Oh no</div>',
  '<div class="d-none"><p class="error">Oh no</p></div>',
  '<div class="x is-hidden y"><p class="error">Oh no</p></div>',
  '<div class="visuallyhidden"><p class="error">Oh no</p></div>',
  '<noscript><p class="error">Oh no</p></noscript>',
  '<template><p class="error">Oh no</p></template>',
  '<div class="error">7</div>',
  '<div class="error">x</div>',
  '<div class="error"></div>',
])("no message is %s", (html) => {
  expect(alerts(html)).toEqual([]);
});

test.each([
  '<form class="x error">Oh no</form>',
  '<label class="x error">Oh no</label>',
  '<div class="x error">Oh no <input name="a"></div>',
  '<p class="x error">Oh no <select></select></p>',
])("a control and what is around it have no message by their class: %s", (html) => {
  expect(alerts(html)).toEqual([]);
});

test("what only sounds hidden is shown", () => {
  for (const classes of ["hiddens", "xhide", "collapsed"])
    expect(alerts(`<div class="${classes}"><p class="error">Oh no</p></div>`)).toEqual(["error: Oh no"]);
});

describe("the message of a field waits for its control", () => {
  const feedback = (control: string, classes = "invalid-feedback") =>
    `<div>${control}<div class="${classes}">Oh no</div></div>`;
  test.each([
    [feedback('<input class="is-invalid">'), true],
    [feedback('<input class="isinvalid">'), true],
    [feedback("<input>"), false],
    [feedback("<select></select>"), false],
    [feedback('<input class="thisinvalid">'), false],
    [feedback("<input>", "invalid-feedback d-block"), true],
    [feedback("<input>", "show invalid-feedback"), true],
    [feedback("<input>", "invalid-feedback showing"), false],
    [feedback("<b>Name</b>"), true],
  ])("%s: shown %s", (html, shown) => {
    expect(alerts(html)).toEqual(shown ? ["error: Oh no"] : []);
  });
});

test("eight messages of 200 characters are told, each once", () => {
  const many = (count: number, classes: string) =>
    Array.from({ length: count }, (_, n) => div(classes, `Message ${n} here`)).join("");
  expect(read(many(9, "error")).alerts).toHaveLength(8);
  expect(read(many(9, "success")).notices).toHaveLength(8);
  expect(alerts(div("error").repeat(3))).toEqual(["error: Oh no"]);
  expect(read(div("success").repeat(3)).notices).toEqual(["Oh no"]);
  expect(read(div("error", "x".repeat(300))).alerts[0]?.text).toHaveLength(200);
  // A hundred marked elements are looked at.
  expect(alerts(`${div("error", "").repeat(99)}${div("error")}`)).toEqual(["error: Oh no"]);
  expect(alerts(`${div("error", "").repeat(100)}${div("error")}`)).toEqual([]);
});

test.each(["script", "style", "head", "svg", "noscript", "template"])(
  "what stands in a <%s> is never seen",
  (name) => {
    const document = new HtmlDocument("<b><p role=alert>Oh no</p></b>");
    const [around] = document.elements;
    // The parser itself reads no elements within some of these.
    if (around !== undefined) around.name = name;
    expect(messagesOf(document).alerts).toEqual([]);
  },
);

test.each(["tr", "td", "th", "tbody", "table", "dt", "dd", "article", "option", "tfoot", "thead"])(
  "a <%s> is about a thing, unless it says that it is a message",
  (name) => {
    const document = (attributes: string) => {
      const html = new HtmlDocument(`<div><b ${attributes}>Oh no</b></div>`);
      const [element] = html.named("b");
      if (element !== undefined) element.name = name;
      return messagesOf(html).alerts.length;
    };
    expect([document("class=error"), document("role=alert")]).toEqual([0, 1]);
  },
);

test.each<[string, number]>([
  ["<ul><li class=error>Oh no</li><li>Lamp</li></ul>", 0],
  ["<ul><li class=error>Oh no</li></ul>", 1],
  ["<ul><li class=error>Oh no</li><b>Lamp</b></ul>", 1],
  ["<ul><li class=error>Oh no</li><li class=error>Not so</li></ul>", 2],
  ["<ul class=messages><li class=error>Oh no</li><li>Lamp</li></ul>", 1],
  ["<ul class=things><li class=error>Oh no</li><li>Lamp</li></ul>", 0],
  ["<b class=error>Oh no</b><li>Lamp</li>", 1],
])("in %s stand %i messages", (html, count) => {
  expect(read(html).alerts).toHaveLength(count);
});

test.each<[string, number]>([
  ["<p class=invalid-feedback>Oh no</p>", 1],
  ["<p><input><b class=invalid-feedback>Oh no</b></p>", 0],
  ["<p><input class=is-invalid><b class=invalid-feedback>Oh no</b></p>", 1],
  ["<p><input class=isInvalid><b class=invalid-feedback>Oh no</b></p>", 1],
  ["<p><input><b class='invalid-feedback d-block'>Oh no</b></p>", 1],
  ["<p><input><b class='show invalid-feedback'>Oh no</b></p>", 1],
  ["<p><input><b class='invalid-feedback xshow'>Oh no</b></p>", 0],
  ["<p><input><b class='invalid-feedback showy'>Oh no</b></p>", 0],
  ["<p><u></u><b class=invalid-feedback>Oh no</b></p>", 1],
  ["<p class='x error'><input>Oh no</p>", 0],
  ["<body class='x error'>Oh no</body>", 0],
  ["<html class='x error'>Oh no</html>", 0],
  ["<form class='x error'>Oh no</form>", 0],
  ["<label class='x error'>Oh no</label>", 0],
  ["<p class='my flash'>Oh no</p>", 1],
  ["<p class=xflash>Oh no</p>", 0],
  ["<p class=flashy>Oh no</p>", 0],
  [`<p class='${"x ".repeat(248)}error'>Oh no</p>`, 0],
  [`<p class='${"x ".repeat(246)}error'>Oh no</p>`, 1],
])("%s has so many messages: %i", (html, count) => {
  expect(read(html).alerts).toHaveLength(count);
});

test.each<[string, string[]]>([
  ["<p class='x success'>Well done</p>", ["Well done"]],
  ["<p class=xsuccess>Well done</p>", []],
  ["<p class='my bg-green-50 y'>It is done now</p>", ["It is done now"]],
  ["<p style='color : green'>It is done now</p>", ["It is done now"]],
  ["<p style='margin:0;color:  #080'>It is done now</p>", ["It is done now"]],
  ["<p style='margin:0;  color:darkgreen'>It is done now</p>", ["It is done now"]],
  ["<p style='color:green'>It is</p>", []],
  ["<p style='color:green'>It  is  done</p>", ["It is done"]],
  ["<main><p style='color:green'>It is done now</p></main>", ["It is done now"]],
  ["<ul><li><p style='color:green'>It is done now</p></li></ul>", []],
  ["<dl><dd><p style='color:green'>It is done now</p></dd></dl>", []],
  ["<p style='color:green'>It is<br>done now</p>", ["It is done now"]],
])("the good news of %s", (html, notices) => {
  expect(read(html)).toEqual({ alerts: [], notices });
});

test("what is hidden thirty levels up is not looked at", () => {
  const within = (levels: number) =>
    read(`<div hidden>${"<b>".repeat(levels)}<i role=alert>Oh no`).alerts.length;
  expect([within(0), within(28), within(29)]).toEqual([0, 0, 1]);
});
