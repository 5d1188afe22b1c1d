import type { Json } from "@ape/core/lib/json";
import { formOriginOf } from "@ape/core/protocol/sign-in";
import { expect, test } from "vitest";
import { formFailure } from "./form-failure.ts";
import { readPage } from "./page.ts";
import { TargetUrl } from "./target-url.ts";

const place = new TargetUrl("http://app.test", "");

interface Framework {
  /** Where the form is, and the page. */
  at: string;
  form: string;
  data: Record<string, Json>;
  /** Answers as these applications write them: where the page is, and the page. */
  good: Record<string, [to: string, page: string]>;
  bad: Record<string, [to: string, page: string]>;
}

const wordpress = `<title>Log In ‹ Blog — WordPress</title><h1><a href="https://wordpress.org/">Powered by WordPress</a></h1>
<form name=loginform id=loginform action="/wp-login.php" method=post><p><label for=user_login>Username or Email Address</label><input type=text name=log id=user_login></p><p><label for=user_pass>Password</label><input type=password name=pwd id=user_pass></p><p class=forgetmenot><input name=rememberme type=checkbox value=forever></p><input type=submit name=wp-submit value="Log In"><input type=hidden name=redirect_to value="/wp-admin/"></form><p id=nav><a href="/wp-login.php?action=lostpassword">Lost your password?</a></p>`;
const devise = `<h2>Log in</h2><form id=new_user action=/users/sign_in method=post><input type=hidden name=authenticity_token value=abcdefghij><div class=field><label for=e>Email</label><input id=e type=email name="user[email]"></div><div class=field><input type=password name="user[password]"></div><input type=submit name=commit value="Log in"></form><a href=/users/sign_up>Sign up</a><a href=/users/password/new>Forgot your password?</a>`;
const laravel = `<nav><a href=/login>Login</a><a href=/register>Register</a></nav><div class=card-header>Login</div><form method=POST action=/login><input type=hidden name=_token value=abcdefghij><div class=row><label for=email>Email Address</label><div><input id=email type=email name=email class="form-control ERR" value="OLD"></div>MSG</div><div class=row><input id=password type=password name=password class=form-control></div><input type=checkbox name=remember><button>Login</button></form>`;
const laravelForm = laravel.replace("ERR", "").replace("OLD", "").replace("MSG", "");
const spring = `<h2 class=form-signin-heading>Please sign in</h2>MSG<form class=form-signin method=post action=/login><input name=username required><input type=password name=password required><input name=_csrf type=hidden value=abcdefghij><button type=submit>Sign in</button></form>`;
const identity = `<h1>Log in</h1><nav><a href=/Identity/Account/Register>Register</a><a href=/Identity/Account/Login>Login</a></nav><form id=account method=post action="/Identity/Account/Login"><div class="text-danger validation-summary-valid" data-valmsg-summary=true><ul><li style="display:none"></li></ul></div><input name=Input.Email type=email><span class="text-danger field-validation-valid"></span><input name=Input.Password type=password><input type=checkbox name=Input.RememberMe value=true><button>Log in</button></form>`;
const phpbb = `<form action="/ucp.php?mode=login" method=post id=login><h2 class=login-title>Login</h2><dl><dt>Username:</dt><dd><input name=username></dd></dl><dl><dd><input type=password name=password></dd></dl><input type=checkbox name=autologin><input type=hidden name=sid value=abcdefghij><input type=submit name=login value=Login></form>`;
const drupal = `<h1>Log in</h1><form class=user-login-form id=user-login-form action=/user/login method=post><input name=name><input type=password name=pass><input type=hidden name=form_build_id value=form-abcdefghij><input type=submit name=op value="Log in"></form>`;
const wiki = `<h1>Log in</h1><form name=userlogin method=post action="/index.php?title=Special:UserLogin&returnto=Main+Page"><input name=wpName><input name=wpPassword type=password><button name=wploginattempt value="Log in">Log in</button><input type=hidden name=wpLoginToken value=abcdefghij></form><a href="/index.php?title=Special:CreateAccount">Join</a>`;
const scaffold = (values = "", more = "") =>
  `<h1>New topic</h1><form action=/topics method=post><input type=hidden name=authenticity_token value=abcdefghij>${more}<div><label for=t>Title</label><input id=t name="topic[title]" value="${values}"></div><div><textarea name="topic[body]">${values === "" ? "" : "text"}</textarea></div><input type=submit name=commit value="Create Topic"></form><a href=/topics>Back to topics</a>`;
const shop = (notice = "") =>
  `${notice}<h1 class=product_title>Lamp</h1><form class=cart action=/product/lamp method=post><input type=number name=quantity value=1><button name=add-to-cart value=12>Add to cart</button></form><a href=/cart>Cart</a>`;

const frameworks: Record<string, Framework> = {
  WordPress: {
    at: "/wp-login.php",
    form: wordpress,
    data: { log: "ada", pwd: "guess-1", "wp-submit": "Log In", redirect_to: "/wp-admin/" },
    good: {
      "its dashboard": [
        "/wp-admin/",
        "<title>Dashboard ‹ Blog — WordPress</title><h1>Dashboard</h1><a href='/wp-login.php?action=logout&_wpnonce=abc'>Log Out</a><div class='notice notice-error'><p>Update failed</p></div>",
      ],
      "its front page": ["/", "<h1>Blog</h1><p>Howdy</p><a href='/wp-login.php?action=logout'>Log out</a>"],
    },
    bad: {
      "a wrong password": [
        "/wp-login.php",
        `<div id=login_error class="notice notice-error"><p><strong>Error:</strong> The password you entered for the username <strong>ada</strong> is incorrect.</p></div>${wordpress}`,
      ],
      "an account that is not there": [
        "/wp-login.php",
        `<div id=login_error>Unbekannter Benutzername.</div>${wordpress}`,
      ],
    },
  },
  Devise: {
    at: "/users/sign_in",
    form: devise,
    data: {
      authenticity_token: "abcdefghij",
      "user[email]": "ada@x.test",
      "user[password]": "guess-1",
      commit: "Log in",
    },
    good: {
      "a notice": [
        "/",
        "<p class=notice>Signed in successfully.</p><h1>Topics</h1><a href=/topics/new>New topic</a>",
      ],
      "a button to sign out": [
        "/",
        "<h1>Topics</h1><form class=button_to method=post action=/users/sign_out><input type=hidden name=_method value=delete><button>Sign out</button></form>",
      ],
    },
    bad: {
      "an alert": ["/users/sign_in", `<p class=alert>Invalid Email or password.</p>${devise}`],
      "an account that is locked": ["/users/sign_in", `<p class=alert>Your account is locked.</p>${devise}`],
      "an account to be confirmed": [
        "/users/sign_in?",
        `<p class=alert>You have to confirm your email address before continuing.</p>${devise}`,
      ],
    },
  },
  Laravel: {
    at: "/login",
    form: laravelForm,
    data: { _token: "abcdefghij", email: "ada@x.test", password: "guess-1" },
    good: {
      "its home page": [
        "/home",
        "<div class=card-header>Dashboard</div><p>You are logged in!</p><form id=logout-form action=/logout method=POST></form><a href=/logout>Logout</a>",
      ],
      "an address to be verified": [
        "/email/verify",
        "<h1>Verify Your Email Address</h1><form id=logout-form action=/logout method=POST><button>Log Out</button></form>",
      ],
    },
    bad: {
      "credentials that do not match": [
        "/login",
        laravel
          .replace("ERR", "is-invalid")
          .replace("OLD", "ada@x.test")
          .replace(
            "MSG",
            "<span class=invalid-feedback role=alert><strong>These credentials do not match our records.</strong></span>",
          ),
      ],
      "the same in German": [
        "/login",
        laravel
          .replace("ERR", "is-invalid")
          .replace("OLD", "ada@x.test")
          .replace(
            "MSG",
            "<span class=invalid-feedback role=alert><strong>Diese Kombination wurde nicht gefunden.</strong></span>",
          ),
      ],
      "an expired page": ["/login", "<title>Page Expired</title><div>419</div><div>Page Expired</div>"],
    },
  },
  "Spring Security": {
    at: "/login",
    form: spring.replace("MSG", ""),
    data: { username: "ada", password: "guess-1", _csrf: "abcdefghij" },
    good: {
      "an owner's page": [
        "/owners",
        "<h1>Owners</h1><a href=/owners/new>Add owner</a><a href=/logout>Logout</a>",
      ],
      "a page without a way out": ["/", "<h1>Pets</h1><a href=/vets>Vets</a>"],
    },
    bad: {
      "bad credentials": [
        "/login?error",
        spring.replace("MSG", '<div class="alert alert-danger" role=alert>Bad credentials</div>'),
      ],
      "a form without a word": ["/login?error", spring.replace("MSG", "")],
    },
  },
  "ASP.NET Core Identity": {
    at: "/Identity/Account/Login",
    form: identity,
    data: { "Input.Email": "ada@x.test", "Input.Password": "guess-1" },
    good: {
      "its home page": [
        "/",
        "<a href=/Identity/Account/Manage>Hello ada@x.test!</a><form action=/Identity/Account/Logout method=post><button>Logout</button></form>",
      ],
    },
    bad: {
      "an invalid attempt": [
        "/Identity/Account/Login",
        identity
          .replace("validation-summary-valid", "validation-summary-errors")
          .replace('<li style="display:none"></li>', "<li>Invalid login attempt.</li>"),
      ],
      "an account that is locked out": [
        "/Identity/Account/Lockout",
        "<h1 class=text-danger>Locked out</h1><p class=text-danger>This account has been locked out, please try again later.</p>",
      ],
    },
  },
  phpBB: {
    at: "/ucp.php?mode=login",
    form: phpbb,
    data: { username: "ada", password: "guess-1", login: "Login" },
    good: {
      "its index": ["/index.php", "<h1>Forum</h1><a href='/ucp.php?mode=logout&sid=1'>Logout [ ada ]</a>"],
    },
    bad: {
      "a wrong password": [
        "/ucp.php?mode=login",
        phpbb.replace("<dl>", "<div class=error>You have specified an incorrect password.</div><dl>"),
      ],
    },
  },
  Drupal: {
    at: "/user/login",
    form: drupal,
    data: { name: "ada", pass: "guess-1", op: "Log in" },
    good: { "its own page": ["/user/2", "<h1>ada</h1><a href=/user/logout>Log out</a>"] },
    bad: {
      "a name that is not known": [
        "/user/login",
        `<div role=contentinfo class="messages messages--error"><div role=alert>Unrecognized username or password. Forgot your password?</div></div>${drupal}`,
      ],
    },
  },
  MediaWiki: {
    at: "/index.php?title=Special:UserLogin",
    form: wiki,
    data: { wpName: "Ada", wpPassword: "guess-1", wploginattempt: "Log in" },
    good: {
      "its main page": [
        "/index.php?title=Main_Page",
        "<h1>Main Page</h1><a href='/index.php?title=Special:UserLogout'>Log out</a><a href='/index.php?title=User:Ada'>Ada</a>",
      ],
    },
    bad: {
      "a wrong password": [
        "/index.php?title=Special:UserLogin",
        `<div class="mw-message-box-error mw-message-box">Incorrect username or password entered. Please try again.</div>${wiki}`,
      ],
    },
  },
  "Rails' scaffold": {
    at: "/topics/new",
    form: scaffold(),
    data: {
      authenticity_token: "abcdefghij",
      "topic[title]": "Hello there",
      "topic[body]": "text",
      commit: "Create Topic",
    },
    good: {
      "what was made": [
        "/topics/1",
        "<p style='color: green'>Topic was successfully created.</p><p>Title: Hello there</p><a href=/topics/1/edit>Edit this topic</a>",
      ],
      "a list": ["/topics", "<h1>Topics</h1><p id=notice></p><p>Hello there</p>"],
    },
    bad: {
      "its own list of errors": [
        "/topics",
        scaffold(
          "Hello there",
          "<div style='color: red'><h2>1 error prohibited this topic from being saved:</h2><ul><li>Title is too short (minimum is 15 characters)</li></ul></div>",
        ),
      ],
      "fields with errors": [
        "/topics",
        scaffold("Hello there").replace("<div><label", "<div class=field_with_errors><label"),
      ],
    },
  },
  WooCommerce: {
    at: "/product/lamp",
    form: shop(),
    data: { quantity: "1", "add-to-cart": "12" },
    good: {
      "a message": [
        "/product/lamp",
        shop(
          "<div class=woocommerce-message role=alert>“Lamp” has been added to your cart. <a href=/cart>View cart</a></div>",
        ),
      ],
      "no word": ["/product/lamp", shop()],
    },
    bad: {
      "too many": [
        "/product/lamp",
        shop(
          "<ul class=woocommerce-error role=alert><li>You cannot add that amount to the cart — we have 3 in stock.</li></ul>",
        ),
      ],
      "the same in Dutch": [
        "/product/lamp",
        shop("<ul class=woocommerce-error role=alert><li>Je kunt dit aantal niet toevoegen.</li></ul>"),
      ],
    },
  },
};

const cases = Object.entries(frameworks).flatMap(([name, { at, form, data, good, bad }]) =>
  [good, bad].flatMap((answers, kind) =>
    Object.entries(answers).map(
      ([answer, [to, after]]) => [name, answer, kind === 0, { at, form, data, to, after }] as const,
    ),
  ),
);

test.each(cases)(
  "%s answers a form with %s: it worked: %s",
  (_, _answer, worked, { at, form, data, to, after }) => {
    const first = readPage(form, place.url(at), place);
    const [sent] = first.forms;
    if (sent === undefined) throw new Error("no form");
    const page = readPage(after, place.url(to), place);
    const redirected = to.split("?")[0] !== sent.path.split("?")[0];
    // With the page of the form, as agents tell it, and without, as other clients of the gateway do.
    for (const origin of [formOriginOf(first, sent), undefined]) {
      const error = formFailure(page, { path: sent.path, data, origin }, redirected);
      if (worked) expect(error, JSON.stringify(origin)).toBeUndefined();
      else expect(error, JSON.stringify(origin)).toMatchObject({ code: "failure" });
    }
  },
);
