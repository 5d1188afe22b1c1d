import type { Json } from "@ape/core/lib/json";
import { formOriginOf } from "@ape/core/protocol/sign-in";
import { expect, test } from "vitest";
import { formAnswerFailure } from "./form-answer.ts";
import { formFailure } from "./form-failure.ts";
import { readPage } from "./page.ts";
import { TargetUrl } from "./target-url.ts";

const place = new TargetUrl("http://app.test", "");

/** What a form's answer shows: that it worked, that it was refused, that one has to sign in, or neither. */
type Verdict = "worked" | "refused" | "signed_out" | "unproven" | "crashed";

interface Case {
  /** Where the page of the form is, and the page. */
  at: string;
  before: string;
  data: Json;
  /** Where the answer is, and the answer. */
  to: string;
  after: string;
  cookies?: boolean;
}

function verdictOf({ at, before, data, to, after, cookies = false }: Case): Verdict {
  const first = readPage(before, place.url(at), place);
  const names = Object.keys(data as object);
  const form = first.forms.find(({ controls }) =>
    names.every((name) => controls.some((control) => control.name === name)),
  );
  if (form === undefined) throw new Error("no such form");
  const page = readPage(after, place.url(to), place);
  const sent = { path: form.path, data, origin: formOriginOf(first, form), cookies };
  const error = formFailure(page, sent, to !== form.path);
  if (error === undefined) return "worked";
  if (error.reading !== undefined) return error.reading;
  return (error.like ?? 0) >= 500 ? "crashed" : "refused";
}

const loginForm = (more = "", path = "/login") =>
  `${more}<form method=post action="${path}"><input name=user><input type=password name=pw><button>Log in</button></form>`;
const credentials = { user: "bob", pw: "pass-w0rd-x" };
const LOG_OUT = '<a href="/logout">Log out</a>';

/** An answer to the login form of `/login`: where it is, and its page. */
const logins: Record<
  Exclude<Verdict, "signed_out" | "crashed">,
  Record<string, [to: string, after: string]>
> = {
  refused: {
    "the form again, beside a help page about signing out": [
      "/login",
      loginForm('<p>Wrong password. You were signed out.</p><a href="/help/sign-out-problems">Help</a>'),
    ],
    "the form again under a cart and a name": ["/login", loginForm("<h1>Shop</h1><p>Cart of bob: 0</p>")],
    "the form again with a link to sign out that is new": ["/login", loginForm(LOG_OUT)],
    "a redirect back to the form": ["/login?error=1", loginForm()],
    "a sign-in form at another address": ["/session/new", loginForm("", "/session")],
    "a home page with an error in its query": ["/?login_error=1", "<h1>Shop</h1><a href=/cart>Cart</a>"],
    "a page that goes back to the form by itself": [
      "/login",
      '<head><meta http-equiv=refresh content="0;url=/login?e=1"></head><p>One moment</p>',
    ],
    "other ways to sign in": [
      "/choose",
      "<h1>Choose how to continue</h1><a href=/oauth/google>Continue with Google</a><a href=/oauth/github>Continue with GitHub</a>",
    ],
    "words of a refusal on a page of their own": ["/login", "<p>Invalid username or password.</p>"],
    "words of Portuguese and a way back": [
      "/login",
      "<p>Dados de acesso inválidos.</p><a href=/login>Voltar</a>",
    ],
    "words of Dutch": ["/login", "<p>Wachtwoord onjuist.</p>"],
    "words of Spanish behind a redirect": ["/", "<a href=/cart>Cart</a><p>Contraseña incorrecta</p>"],
    "words of Polish beside a way home": ["/login", "<a href=/>Home</a><p>Błędne hasło</p>"],
    "a form whose address has a session in it": ["/login", loginForm("", "/login;jsessionid=1A2B")],
    "a form whose fields have other names": [
      "/login",
      "<form method=post action=/login><input name=u_7f3><input type=password name=p_7f3><button>Log in</button></form>",
    ],
    "a home page where the name is an author's": ["/", "<a href=/login>Log in</a><h2>Topic</h2><p>bob</p>"],
    "an error below a field of the form": [
      "/login",
      "<form method=post action=/login><input name=user aria-invalid=true><input type=password name=pw><button>Log in</button></form>",
    ],
    "a page that leads to the form by another name": ["/", '<a href="/login/">Account</a><h1>Shop</h1>'],
  },
  unproven: {
    "an empty page": ["/login", ""],
    "a script that goes back": ["/login", '<script>alert("Wrong password");history.back()</script>'],
    "a script that redirects": ["/login", "<script>location.href='/login?error=1'</script>"],
    "an empty page behind a redirect": ["/app", "<div id=root></div><script src=/app.js></script>"],
    "words of Finnish beside a way home": ["/login", "<a href=/>Koti</a><p>Ei onnistunut</p>"],
    "a sign-in page that scripts fill": ["/signin", "<div id=app></div><a href=/imprint>Imprint</a>"],
    "an account to be activated": ["/activate", "<h1>Almost there</h1><a href=/>Home</a>"],
    "words of no form": ["/login", "<p>That didn't work. Go back and retry.</p>"],
    "an account to be made": [
      "/signup",
      "<h1>Create an account</h1><form method=post action=/register><input name=email><input type=password name=p1><button>Join</button></form>",
    ],
    "a forgotten password": [
      "/forgot",
      "<h1>Having trouble?</h1><form method=post action=/forgot><input name=email><button>Send reset link</button></form>",
    ],
    "a lost password at another address": [
      "/accounts/password_reset",
      "<h1>Reset password</h1><form method=post action=/accounts/password_reset><input name=email><button>Send</button></form>",
    ],
    "an e-mail address to be verified": [
      "/login",
      "<h1>Verify your email address</h1><p>Before proceeding, please check your email.</p>",
    ],
    "a link by mail": [
      "/login",
      "<h1>Check your email</h1><p>If the account exists we sent a link to reset your password.</p>",
    ],
    "a captcha": [
      "/login",
      "<h1>Are you a robot?</h1><form method=post action=/captcha><input name=captcha><button>Continue</button></form>",
    ],
    "a code of a second factor without a form": ["/two-factor", "<h1>Enter your code</h1>"],
  },
  worked: {
    "a code of a second factor": [
      "/two-factor",
      "<h1>Enter your code</h1><form method=post action=/two-factor><input name=code><button>Verify</button></form>",
    ],
    "a second factor of Identity": [
      "/Identity/Account/LoginWith2fa?ReturnUrl=%2F",
      "<h1>Two-factor authentication</h1><p>Enter your authenticator code below.</p><form method=post action='/Identity/Account/LoginWith2fa'><input name=Input.TwoFactorCode><button>Log in</button></form>",
    ],
    "a second factor in place": [
      "/login",
      "<h1>Security code</h1><p>Enter the verification code of your authenticator app</p><form method=post action=/code><input name=token><button>Next</button></form>",
    ],
    "an administration e-mail address of WordPress": [
      "/login?action=confirm_admin_email",
      "<h1>Administration email verification</h1><form method=post action='/login?action=confirm_admin_email'><p>Please verify that the administration email for this website is still correct.</p><input type=submit name=correct value='The email is correct'></form>",
    ],
    "terms to be accepted": [
      "/terms",
      "<h1>Please accept our updated terms</h1><form method=post action=/terms><input type=checkbox name=ok value=1><button>Accept</button></form>",
    ],
    "a way to log out that was not there": ["/", `<h1>Shop</h1>${LOG_OUT}`],
    "a button to log out": [
      "/dash",
      "<form method=post action=/session/end><button>Sign out</button></form><p>login failed: 2 times</p>",
    ],
    "a device to sign in on": ["/dash", "<h1>Home</h1><a href=/signin/tv>Sign in on your TV</a>"],
    "a customer to sign in as": ["/admin", "<h1>Admin</h1><a href=/login/as/7>Login as customer</a>"],
    "a link back to a list of sessions": ["/dash", "<h1>Yoga</h1><a href=/sessions>Back to sessions</a>"],
    "a message of success with a remark": [
      "/dash",
      "<div role=alert>Login successful. 2 failed attempts since your last login</div><h1>Home</h1><a href=/a>A</a>",
    ],
    "a page in place that has a profile": ["/login", "<h1>Home</h1><a href=/profile>Profile</a>"],
    "a vault to be unlocked": [
      "/vault",
      "<h1>Vault</h1><form method=post action=/session/unlock><input type=hidden name=user value=bob><input type=password name=pw><button>Unlock</button></form>",
    ],
    "a log-out of a wiki": ["/wiki", "<a href='/index.php?title=Special:UserLogout'>Exit</a>"],
    "a greeting beside a link for others": ["/dash", "<p>Hello, bob!</p><a href=/login>Sign in</a>"],
    "a log-out by a query": ["/", "<a href='/index.php?action=logout'>Exit</a>"],
    "a greeting that speaks of earlier attempts": [
      "/dash",
      "<h1>Hi bob</h1><p>Your password expired 3 days ago - login failed attempts: 2</p>",
    ],
    "an article about logins": [
      "/help",
      "<h1>Knowledge base</h1><p>What to do if login failed or your account is locked</p>",
    ],
    "a list of questions about logins": [
      "/faq",
      "<h1>FAQ</h1><p>Why is my password incorrect?</p><p>How do I reset an unknown password?</p>",
    ],
    "another user to sign in as": [
      "/dash",
      '<h1>bob</h1><a href="/login?switch=1">Sign in as another user</a>',
    ],
    "an account to switch to": ["/dash", '<h1>Inbox</h1><a href="/login">Log in to a different account</a>'],
    "a history of logins": [
      "/dash",
      '<h1>bob</h1><a href="/sessions">Active sessions</a><a href="/sign-in-history">Sign in history</a>',
    ],
    "settings of sign-in": ["/dash", '<h1>Home</h1><a href="/settings/login">Login settings</a>'],
    "a login to be kept": [
      "/vault",
      "<h1>Password manager</h1><form method=post action=/logins><input name=site><input name=user><input type=password name=pw><button>Add login</button></form>",
    ],
    "another login to be kept": [
      "/vault",
      "<h1>Vault</h1><form method=post action=/logins/new><input name=user><input type=password name=pw><button>Save login</button></form>",
    ],
    "sessions to be ended": [
      "/sessions",
      "<h1>Your sessions</h1><form method=post action=/sessions/revoke><input type=password name=pw><button>Revoke all sessions</button></form>",
    ],
    "a password to be changed": [
      "/account",
      "<h1>Account</h1><form method=post action=/account/password><input type=password name=old><input type=password name=new1><button>Change</button></form>",
    ],
    "a mail server to be set": [
      "/smtp",
      "<h1>Mail</h1><form method=post action=/smtp/auth><input name=host><input name=port><input name=user><input type=password name=pw><button>Store</button></form>",
    ],
  },
};

test.each(
  Object.entries(logins).flatMap(([verdict, cases]) =>
    Object.entries(cases).map(([name, [to, after]]) => [name, verdict, to, after] as const),
  ),
)("a login that is answered with %s %s", (_, verdict, to, after) => {
  expect(verdictOf({ at: "/login", before: loginForm(), data: credentials, to, after })).toBe(verdict);
});

test.each([
  ["shown again", "/login", loginForm(`${LOG_OUT}<p>Invalid password</p>`), "refused"],
  ["shown again without a word", "/login", loginForm(LOG_OUT), "refused"],
  ["gone, and the way out stays", "/login", `${LOG_OUT}<p>Password incorrect</p>`, "refused"],
  ["gone, and the page is another one", "/home", `${LOG_OUT}<h1>Home</h1>`, "worked"],
])("where a theme always shows a way to log out, the login form %s", (_, to, after, verdict) => {
  expect(verdictOf({ at: "/login", before: loginForm(LOG_OUT), data: credentials, to, after })).toBe(verdict);
});

test.each([
  ["its page", "/account", '<a href="/account">Account</a><h1>Shop</h1>', "unproven"],
  ["another page", "/account", '<a href="/orders">Orders</a><h1>Shop</h1>', "worked"],
  ["its page and to a way out", "/account", `<a href="/account">Account</a>${LOG_OUT}`, "worked"],
  ["its page, which is the home page", "/", '<a href="/">Home</a><h1>Shop</h1>', "worked"],
])("a login form without a telling address whose answer leads to %s", (_, at, after, verdict) => {
  const before = loginForm("", "/account/enter");
  expect(verdictOf({ at, before, data: credentials, to: "/x", after })).toBe(verdict);
});

const topicForm = (more = "", title = "", text = "") =>
  `${more}<form method=post action="/topics/new"><input name=title value="${title}"><textarea name=body>${text}</textarea><button>Create topic</button></form>`;
const topic = { title: "Hello there", body: "text" };

const topics: Record<Verdict, Record<string, [to: string, after: string, data?: Json]>> = {
  signed_out: {
    "a redirect to the sign-in page": ["/login?next=/topics/new", loginForm()],
    "the sign-in form in its place": ["/topics/new", loginForm("<p>Please sign in to continue</p>")],
    "a redirect to a sign-in page without a password": [
      "/signin",
      "<h1>Sign in</h1><form method=post action=/signin/start><input name=email><button>Next</button></form>",
    ],
    "a redirect to a sign-in page by others": [
      "/auth/login",
      "<a href=/oauth/google>Continue with Google</a>",
    ],
    "a sentence and a link": [
      "/topics/new",
      "<p>You must be logged in to post.</p><a href=/login>Log in</a>",
    ],
    "a long page called like it": [
      "/topics/new",
      `<h1>Sign in to Forum</h1><p>${"A place to talk. ".repeat(30)}</p>${loginForm()}`,
    ],
    "a home page that leads back": [
      "/?return_to=%2Ftopics%2Fnew",
      `<h1>Forum</h1><p>${"A place to talk. ".repeat(30)}</p>${loginForm()}`,
    ],
    "a sign-in page of French": [
      "/connexion",
      "<h1>Connexion</h1><form method=post action=/connexion><input name=id><input type=password name=mdp><button>Se connecter</button></form>",
    ],
    "an expired session": [
      "/topics/new",
      "<h1>Session expired</h1><p>The form has expired due to inactivity. Please try again.</p>",
    ],
    "an expired page": ["/topics/new", "<title>419 Page Expired</title><p>419</p><p>Page Expired</p>"],
    "a token that does not match": ["/topics/new", "<h1>Invalid CSRF token</h1>"],
    "a form that timed out": ["/topics/new", "<h1>Your session has timed out</h1><a href=/>Home</a>"],
  },
  refused: {
    "a red sentence": [
      "/topics",
      "<p style='color: red'>You are not authorized to do that.</p><h1>Topics</h1>",
    ],
    "a sentence on red": [
      "/topics",
      "<div class='bg-red-100 border text-red-700'>The topic could not be saved</div><h1>Topics</h1>",
    ],
    "an error above a list of older things": [
      "/orders",
      "<div class='alert alert-danger'>Payment declined</div><h1>Orders</h1><ul><li>Order 12 was placed on May 3</li></ul>",
    ],
    "a page of WordPress that ends the work": [
      "/topics/new",
      "<title>Comment Submission Failure</title><div class=wp-die-message><p>Duplicate comment detected; it looks as though you have already said that!</p></div>",
    ],
    "a title that ends with failure": [
      "/topics/new",
      "<title>Order failed - Shop</title><p>Card 12</p><a href=/>Home</a>",
    ],
    "an alert that only an id marks": [
      "/topics",
      "<p id=alert>You are not authorized to access this page.</p><h1>Topics</h1>",
    ],
    "an alert that only a class marks": ["/topics", "<p class=alert>You may not do that.</p><h1>Topics</h1>"],
    "a proxy against bots": [
      "/topics/new",
      "<title>Just a moment...</title><h1>Checking your browser before accessing</h1><p>Please enable JavaScript and cookies to continue</p>",
    ],
    "another proxy against bots": [
      "/topics/new",
      "<title>Attention Required! | Cloudflare</title><p>Please complete the check</p>",
    ],
    "a flash that a redirect leads back to": [
      "/topics/new?",
      topicForm("<div class=flash-alert>Title can't be blank</div>"),
    ],
    "errors in Rails' own list": [
      "/topics/new",
      topicForm(
        "<div class=error_explanation><ul><li>Title has already been used</li></ul></div>",
        "Hello there",
      ),
    ],
    "an error list in French": [
      "/topics/new",
      topicForm("<ul class=errorlist><li>Le titre est trop court</li></ul>", "Hello there"),
    ],
    "an error summary in German": [
      "/topics/new",
      topicForm('<div class="validation-summary-errors">Der Titel ist zu kurz</div>', "Hello there"),
    ],
    "an error of WooCommerce": [
      "/topics/new",
      topicForm('<ul class="woocommerce-error"><li>El título es obligatorio</li></ul>'),
    ],
    "words of Rails": [
      "/topics/new",
      topicForm("<p>Title is too short (minimum is 15 characters)</p>", "Hello there"),
    ],
    "words of Django": ["/topics/new", topicForm("<p>This field is required.</p>", "Hello there")],
    "words of Laravel": [
      "/topics/new",
      topicForm("<p>The title must be at least 15 characters.</p>", "Hello there"),
    ],
    "a field in Rails' wrapper": [
      "/topics/new",
      "<form method=post action=/topics/new><div class=field_with_errors><input name=title></div><textarea name=body></textarea></form>",
    ],
    "a field in Bootstrap's wrapper": [
      "/topics/new",
      '<form method=post action=/topics/new><div class="form-group has-error"><input name=title><span class=help-block>Trop court</span></div><textarea name=body></textarea></form>',
    ],
    "a field that is marked": [
      "/topics/new",
      '<form method=post action=/topics/new><div><input name=title class="form-control is-invalid"></div><textarea name=body></textarea></form>',
    ],
    "unmarked words that a redirect leads back to": [
      "/topics/new?",
      topicForm("<p>Title can't be blank</p>"),
    ],
    "Laravel's old values that a redirect leads back to": [
      "/topics/new?",
      topicForm("<ul><li>The title field is required.</li></ul>", "Hello there"),
    ],
    "an alert of Foundation": ["/topics/new?", topicForm('<div class="callout alert">Titel fehlt</div>')],
    "a toast": ["/topics/new", topicForm('<div class="toast toast-error">Titel fehlt</div>')],
    "a message of Semantic UI": [
      "/topics/new",
      topicForm('<div class="ui negative message">Titel fehlt</div>'),
    ],
    "a permission": [
      "/topics/new",
      "<p>You do not have permission to post in this forum.</p><a href=/>Home</a>",
    ],
    "a closed topic": ["/topics/new", "<h1>Comments are closed</h1>"],
    "a flood": ["/topics/new", "<h1>You are posting too fast</h1>"],
    "a limit": ["/topics/new", "<h1>Your quota is exceeded</h1>"],
    "a thing that is sold out": ["/topics/new", "<h1>Sorry, this item is sold out</h1>"],
    "a refusal of spam": ["/topics/new", "<h1>Your post looks like spam and was held</h1>"],
    "a refusal in a paragraph": ["/topics/new", "<p>Your topic could not be saved.</p><a href=/>Home</a>"],
    "an error behind a redirect": [
      "/cart",
      '<div class="alert alert-danger">Payment declined</div><h1>Cart</h1>',
    ],
    "a title that somebody has used": [
      "/topics/new",
      topicForm('<div role=alert>"Hello there" has already been taken</div>', "Hello there"),
    ],
    "a page that is forbidden": ["/topics/new", "<h1>403 Forbidden</h1>"],
  },
  unproven: {
    "nothing but a warning of PHP": ["/topics/new", "Warning: Undefined variable $x in /srv/a.php on line 3"],
    "its own values in words of no form": [
      "/topics/new",
      topicForm("<p>Le titre est trop court</p>", "Hello there"),
    ],
    "its own values alone": ["/topics/new", topicForm("", "Hello there", "text")],
    "its own values under Polish": ["/topics/new", topicForm("<b>Tytuł jest za krótki</b>", "Hello there")],
    "a page that is not found": ["/topics/new", "<h1>404 Not Found</h1>"],
    "a title that says so": ["/topics/new", "<title>Page not found | Forum</title><p>Hm.</p>"],
    "a heading that says so": ["/oops", "<h1>Sorry, the page you requested was not found.</h1>"],
    "an error of nobody knows whom": ["/topics/new", "<h1>Oops! Something went wrong.</h1>"],
    "its own values that a redirect leads back to": [
      "/topics/new?",
      topicForm("<p>Brak tytułu</p>", "Hello there"),
    ],
    "a heading that is an error": ["/topics/new", "<h1>Oops!</h1><p>Please call us.</p>"],
  },
  crashed: {
    "a warning of PHP about its database": [
      "/topics/new",
      "Warning: mysqli_query(): Duplicate entry in /var/www/html/x.php on line 12",
    ],
    "words of PostgreSQL": [
      "/topics/new",
      '<p>ERROR: duplicate key value violates unique constraint "topics_pkey"</p>',
    ],
    "words of MySQL": ["/topics/new", "You have an error in your SQL syntax; check the manual"],
    "a fatal error of PHP": ["/topics/new", "<b>Fatal error</b>: Uncaught PDOException in /var/www/x.php:12"],
    "a traceback": ["/topics/new", "<pre>Traceback (most recent call last):\n  File x</pre>"],
    "a server error": ["/topics/new", "<title>500 - Internal Server Error</title><p>Sorry.</p>"],
    "a gateway": ["/topics/new", "<h1>502 Bad Gateway</h1><hr>nginx"],
    maintenance: ["/topics/new", "<h1>Down for maintenance</h1>"],
    "a break": ["/", "<h1>We'll be back soon</h1><p>Our site is being upgraded.</p>"],
  },
  worked: {
    "a red label": ["/topics", "<h1>Jobs</h1><div class='bg-red-100'>Failed</div><p>Hello there</p>"],
    "a red entry of a list": [
      "/topics",
      "<h1>Jobs</h1><ul><li><p style='color:red'>The last build could not be found</p></li></ul><p>Hello there</p>",
    ],
    "a green sentence beside a banner": [
      "/topics/1",
      "<div class='alert alert-danger'>Your payment method has failed.</div><p style='color: green'>Topic was successfully created.</p>",
    ],
    "a banner beside a message of success": [
      "/topics/1",
      "<div class='alert alert-danger'>Your payment method has failed.</div><div class='alert alert-success'>Topic saved</div><h1>Hello there</h1>",
    ],
    "a sign-in form in the sidebar": [
      "/topics/1",
      `<h1>Hello there</h1><p>Created</p><aside>${loginForm("", "/sessions")}</aside>`,
    ],
    "a sign-in form in the header": [
      "/topics",
      `<header>${loginForm("", "/sessions")}</header><h1>Topics</h1>`,
    ],
    "a sign-in form below what was made": ["/topics/1", `<h1>Hello there</h1>${loginForm("", "/sessions")}`],
    "a list with an older entry about a failure": [
      "/topics",
      "<h1>Tickets</h1><table><tr class=error><td>Login failed</td></tr><tr><td>Hello there</td></tr></table>",
    ],
    "a list of items with a state": [
      "/topics",
      "<h1>Tickets</h1><ul><li class=error>Payment failed</li><li>Hello there</li></ul>",
    ],
    "a banner beside a sentence of success": [
      "/topics/1",
      "<div class='alert alert-danger'>Your payment method has failed. Update it.</div><p class=notice>Topic was successfully created.</p><h1>Hello there</h1>",
    ],
    "a question without a result": [
      "/topics/new",
      topicForm("<p class=error>No results found</p>", "Hello there", "text"),
    ],
    "a title about failures": [
      "/topics/new",
      "<title>Failure modes - Wiki</title><h1>Thank you</h1><a href=/>Home</a>",
    ],
    "the topic": ["/t/1", "<h1>Hello there</h1><p>text</p>"],
    "the topic under a note": [
      "/t/1",
      "<div role=alert>Topic created. You must wait 30 s before the next one.</div><h1>Hello there</h1>",
    ],
    "the topic under a note of one sentence": [
      "/t/1",
      '<div class="flash">Topic created, you must wait 30 s before the next one</div><h1>Hello there</h1>',
    ],
    "a note of failed mails beside it": [
      "/t/1",
      "<div role=alert>Your topic was posted! Two notifications failed</div><h1>Hello there</h1>",
    ],
    "a topic about an error": [
      "/t/1",
      '<div class="message error-report"><h1>Unable to log in error</h1></div>',
      { title: "Unable to log in error", body: "text" },
    ],
    "a topic called like an error page": [
      "/t/1",
      "<title>404 Not Found - Forum</title><h1>404 Not Found</h1>",
      { title: "404 Not Found", body: "text" },
    ],
    "a topic about a crash": [
      "/t/1",
      "<h1>Help</h1><p>Fatal error: Uncaught PDOException in x.php</p>",
      { title: "Help", body: "Fatal error: Uncaught PDOException in x.php" },
    ],
    "a topic with a form for replies": [
      "/t/1",
      '<h1>Hello there</h1><form method=post action=/t/1/reply><input name=title value="Hello there"><textarea name=body required></textarea><p class=error style="display:none">required</p><button>Reply</button></form>',
    ],
    "the form for the next one": ["/topics/new?", topicForm()],
    "the form for the next one, filled in by words of thanks": [
      "/topics/new",
      topicForm("<p>Danke, das Thema wurde gespeichert.</p>", "Hello there"),
    ],
    "a list with many errors in its titles": [
      "/topics",
      "<h1>Topics</h1><a href=/t/1>Hello there</a><a href=/t/2>Error 500 after update</a>",
    ],
    "a building with rooms in maintenance": [
      "/rooms",
      "<h1>Rooms</h1><p>3 rooms under maintenance</p><a href=/rooms/1>Room</a>",
    ],
    "a counter of errors": ["/jobs", '<h1>Jobs</h1><span class="error">0</span><a href=/jobs/1>Job</a>'],
    "its entry below the form, and somebody's about something invalid": [
      "/topics/new",
      `${topicForm()}<ul><li>Invalid parking ticket</li><li>Hello there</li></ul>`,
    ],
    "a ticket with a remark": ["/topics/new", "<p>Ticket 5</p><p>You must bring it.</p><a href=/>Home</a>"],
    "a note about a thing by its name": [
      "/cart",
      "<div role=alert>“Error mug, not found in shops” has been added to your cart.</div>",
    ],
    "its entry in a list below the form": [
      "/topics/new",
      `${topicForm("", "Hello there")}<ul><li>text</li></ul>`,
    ],
    "a home page that offers guests more": [
      "/",
      `<h1>Shop</h1><p>${"All for you. ".repeat(30)}Sign in to view prices.</p>${loginForm()}`,
    ],
    "a page of an application below /auth": ["/auth/realms", "<h1>Realms</h1><a href=/auth/x>x</a>"],
    "a page of a member": ["/t/1", `${LOG_OUT}<h1>Hello there</h1>`],
  },
};

test.each(
  Object.entries(topics).flatMap(([verdict, cases]) =>
    Object.entries(cases).map(
      ([name, [to, after, data]]) => [name, verdict, to, after, data ?? topic] as const,
    ),
  ),
)("a form that is answered with %s %s", (_, verdict, to, after, data) => {
  expect(verdictOf({ at: "/topics/new", before: topicForm(), data, to, after })).toBe(verdict);
});

test.each([
  ["Continue", "/enter", "unproven"],
  ["OK", "/enter", "unproven"],
  ["", "/enter", "unproven"],
  ["Submit", "/users", "worked"],
  ["Create", "/enter", "worked"],
])("a form of a user and a password whose button says %j and that goes to %s", (label, path, verdict) => {
  const before = `<form method=post action="${path}"><input name=user><input type=password name=pw><button>${label}</button></form>`;
  const after = '<a href="/account">Account</a><h1>Shop</h1>';
  expect(verdictOf({ at: "/account", before, data: credentials, to: "/", after })).toBe(verdict);
});

test("an application that scripts alone fill counts as reached where cookies came on the way", () => {
  const shell = {
    at: "/login",
    before: loginForm(),
    data: credentials,
    after: "<title>App</title><div id=root></div>",
  };
  expect(verdictOf({ ...shell, to: "/app", cookies: true })).toBe("worked");
  expect(verdictOf({ ...shell, to: "/app" })).toBe("unproven");
  expect(verdictOf({ ...shell, to: "/login", cookies: true })).toBe("unproven");
});

const box =
  "<form method=post action=/login><input name=user><input type=password name=pw><button>Log in</button></form>";

test.each<[string, string, string, Json, string, string, Verdict]>([
  [
    "a guest's comment below a login box",
    "/t/1",
    `${box}<form method=post action=/t/1/c><textarea name=c></textarea></form>`,
    { c: "Well said" },
    "/t/1?",
    `${box}<h1>T</h1><p>Well said</p>`,
    "worked",
  ],
  [
    "a log-out",
    "/home",
    "<form method=post action=/logout><input type=hidden name=csrf value=x1y2z3><button>Log out</button></form>",
    { csrf: "x1y2z3" },
    "/login",
    loginForm(),
    "worked",
  ],
  [
    "a registration",
    "/join",
    "<form method=post action=/join><input name=mail><input type=password name=p1><input type=password name=p2></form>",
    { mail: "a@b.c", p1: "secret-1", p2: "secret-1" },
    "/login",
    loginForm(),
    "worked",
  ],
  [
    "a forgotten password",
    "/forgot",
    "<form method=post action=/forgot-password><input name=email></form>",
    { email: "a@b.c" },
    "/login",
    loginForm("<p>We sent you a link.</p>"),
    "worked",
  ],
  [
    "a profile that is shown again",
    "/me",
    "<form method=post action=/me><input name=nick value=ann></form>",
    { nick: "bea" },
    "/me",
    "<p>Profil mis à jour</p><form method=post action=/me><input name=nick value=bea></form>",
    "worked",
  ],
  [
    "a profile that is refused",
    "/me",
    "<form method=post action=/me><input name=nick value=ann></form>",
    { nick: "bea" },
    "/me",
    "<p class=error>Déjà pris</p><form method=post action=/me><input name=nick value=bea></form>",
    "refused",
  ],
  [
    "a calculator",
    "/calc",
    "<form method=post action=/calc><input name=sum><button>Calculate</button></form>",
    { sum: "512" },
    "/calc",
    "<form method=post action=/calc><input name=sum value=512><button>Calculate</button></form><p>You pay 7.</p>",
    "worked",
  ],
  [
    "a message that was there before",
    "/a",
    '<div class="alert alert-danger">Your trial has expired</div><form method=post action=/a><input name=note></form>',
    { note: "abc" },
    "/b",
    '<div class="alert alert-danger">Your trial has expired</div><h1>B</h1>',
    "worked",
  ],
  [
    "a message that is new",
    "/a",
    "<form method=post action=/a><input name=note></form>",
    { note: "abc" },
    "/b",
    '<div class="alert alert-danger">Your trial has expired</div><h1>B</h1>',
    "refused",
  ],
])("%s", (_, at, before, data, to, after, verdict) => {
  expect(verdictOf({ at, before, data, to, after })).toBe(verdict);
});

const json = (value: Json) => ({ kind: "json", json: value, bytes: 1 }) as const;
const text = (value: string) => ({ kind: "text", text: value, bytes: 1, cut: false }) as const;

test.each([
  ["a flag", json({ success: false, message: "bad credentials" }), 401],
  ["a status and errors", json({ status: "error", errors: { pw: "wrong" } }), 401],
  ["errors alone", json({ errors: [{ field: "pw" }] }), 401],
  ["an error of OAuth", json({ error: "invalid_grant" }), 401],
  ["a message", json({ message: "Incorrect username or password" }), 401],
  ["a way back to the form", json({ redirect: "/login?error=1" }), 401],
  ["a status as a number", json({ code: 401, msg: "no" }), 401],
  ["a flag within", json({ response: { success: false } }), 401],
  ["false", json(false), 401],
  ["a zero", text("0"), 401],
  ["a line of text", text("invalid password"), 401],
  ["a line that says failed", text("Login failed"), 401],
  ["nothing", { kind: "empty" } as const, "unproven"],
  ["no text", text(" \n"), "unproven"],
  ["no object", json({}), "unproven"],
  ["a token", json({ success: true, token: "x" }), undefined],
  ["no errors", json({ errors: [], error: null, user: "bob" }), undefined],
  ["a way on", json({ redirect: "/dash", status: "ok" }), undefined],
  ["a line of thanks", text("Welcome bob"), undefined],
])("a login that is answered with %s", (_, body, expected) => {
  const error = formAnswerFailure(body, { path: "/login", data: credentials }, false);
  expect(error?.reading ?? error?.like).toBe(expected);
});

test.each([
  ["a flag", json({ ok: false }), 422],
  ["errors", json({ errors: { title: ["is too short"] } }), 422],
  ["a line of text", text("Title can't be blank"), 422],
  ["a line that repeats what was sent", text("Saved: Hello there"), undefined],
  ["what it made", json({ id: 7, status: "open" }), undefined],
  ["nothing", { kind: "empty" } as const, undefined],
])("a form that is answered with %s", (_, body, expected) => {
  expect(formAnswerFailure(body, { path: "/topics/new", data: topic }, false)?.like).toBe(expected);
});

test.each([
  [{ kind: "empty" } as const, 200, false, "unproven"],
  [text(" \n"), 200, false, "unproven"],
  [{ kind: "empty" } as const, 200, true, undefined],
  [{ kind: "empty" } as const, 201, false, undefined],
  [{ kind: "empty" } as const, 204, false, undefined],
  [{ kind: "empty" } as const, 205, false, undefined],
])(
  "an empty answer %j to a form, with %s (behind a redirect: %s), is %s",
  (body, status, redirected, wanted) => {
    const error = formAnswerFailure(body, { path: "/topics/new", data: topic }, redirected, status);
    expect(error?.reading).toBe(wanted);
  },
);

test.each([
  ["/login", "", "signed_out"],
  ["/sign-in?next=/topics", "Please wait ...", "signed_out"],
  ["/topics/7", "", "unproven"],
  ["/topics/7", "Your topic was created.", undefined],
  ["/login", "Your topic was created.", undefined],
])("a page that continues by itself to %s and says %j is %s", (to, said, wanted) => {
  const html = `<head><meta http-equiv="refresh" content="0; url=${to}"></head><body>${said}</body>`;
  const error = formAnswerFailure(
    { kind: "page", page: readPage(html, place.url("/topics"), place), bytes: 1 } as never,
    { path: "/topics", data: topic },
    false,
    200,
  );
  expect(error?.reading).toBe(wanted);
});

test.each([
  ['{"success":false,"message":"bad credentials"}', 401],
  ['{"status":"error"}', 401],
  ['{"success":true,"token":"x"}', undefined],
  ["{welcome bob}", undefined],
])("a login that is answered with %s as a page", (html, expected) => {
  const page = readPage(html, place.url("/login"), place);
  const error = formAnswerFailure(
    { kind: "page", page, bytes: 1, cut: false },
    { path: "/login", data: credentials },
    false,
  );
  expect(error?.like).toBe(expected);
});

test("a page is judged in time that its size bounds, whatever its words", () => {
  const words = ["log ", "sign in ", "error ", "a\\", "not found ", "http ", "password ", "- ", "you must "];
  for (const word of [...words, "Uncaught A", "the page ", "user  ", "error-", "@", "account is "]) {
    const long = word.repeat(Math.ceil(40_000 / word.length));
    const after = `<title>${long}</title><h1>${long}</h1><div class="flash ${long.slice(0, 2_000)}">${long}</div><p>${long}</p><a href="/${long}">${long}</a>${loginForm()}`;
    // Ends at all: an expression that tries every way of reading would not.
    expect(verdictOf({ at: "/a", before: loginForm(), data: credentials, to: "/b", after })).toBe("refused");
    expect(verdictOf({ at: "/a", before: topicForm(), data: topic, to: "/b", after })).toEqual(
      expect.any(String),
    );
    expect(() => formAnswerFailure(text(long), { path: "/login", data: credentials }, false)).not.toThrow();
  }
});
