import { join } from "node:path";
import { expect, test } from "vitest";
import { runSiteSession, type Site, type SiteForm, type SitePage } from "../../test/site.ts";
import { createPlanner } from "../planner.ts";

const MENU = [
  "Home|/",
  "Books|/books",
  "Basket|/basket",
  "My orders|/orders",
  "Sign in|/login",
  "Register|/register",
  "Contact|/contact",
];
const SEARCH: SiteForm = { button: "Search", sends: "GET /search", fields: "q! max_price:number" };
const BOOKS = [
  ["1", "Emma", "$12.00", ""],
  ["2", "Dune", "$25.50", ""],
  ["3", "Ulysses", "$9.99", "sold out"],
  ["4", "Walden", "$7.00", ""],
] as const;

/** A book shop that needs a login to order, and keeps a basket. */
function shop(trouble: { expires?: boolean; busy?: boolean } = {}): Site {
  let user = false;
  let basket: string[] = [];
  let expires = trouble.expires === true;
  let busy = trouble.busy === true;
  const page = (title: string, more: Partial<SitePage> = {}): SitePage => ({
    title,
    ...more,
    links: [
      ...MENU.map((link) => (user && link.startsWith("Sign in") ? "Sign out|/logout" : link)),
      ...(more.links ?? []),
    ],
    forms: [SEARCH, ...(more.forms ?? [])],
  });
  const login = page("Sign in", {
    forms: [{ button: "Sign in", sends: "POST /login", fields: "user! password:password! keep:checkbox=on" }],
    links: ["Forgot your password?|/forgot"],
  });
  const listed = (books: readonly (typeof BOOKS)[number][], more: readonly string[] = []): SitePage =>
    page("Books", {
      links: [
        ...books.map(([id, name, price, note]) => `${name}|/books/${id}|${name} ${price} ${note}`),
        ...more,
      ],
      forms: books.map(([id, name, price, note]) => ({
        button: "Add to basket",
        sends: `POST /basket/${id}`,
        near: `${name} ${price} ${note}`,
      })),
    });
  const basketPage = (): SitePage =>
    page("Basket", {
      text: basket.length === 0 ? "Your basket is empty" : `${basket.length} books`,
      links: basket.length === 0 ? [] : ["Check out|/checkout"],
      forms: [
        ...basket.map((id) => ({
          button: "Remove",
          sends: `POST /basket/${id}/remove`,
          near: BOOKS.find(([one]) => one === id)?.[1] ?? "",
        })),
        { button: "Apply voucher", sends: "POST /voucher", fields: "code!" },
      ],
    });
  return (call, data) => {
    if (busy && call.startsWith("GET /books")) {
      busy = false;
      return { page: page("Busy"), status: 503 };
    }
    const book = /^GET \/books\/(\d)$/.exec(call)?.[1];
    const found = BOOKS.find(([id]) => id === book);
    if (found !== undefined)
      return {
        page: page(found[1], {
          text: `${found[1]} costs ${found[2]} ${found[3]}`,
          links: [`Write a review|/books/${found[0]}/review`],
          forms: [
            { button: "Add to basket", sends: `POST /basket/${found[0]}`, fields: "quantity:number" },
            { button: "Add to wish list", sends: `POST /wish/${found[0]}` },
          ],
        }),
      };
    const reviewed = /^GET \/books\/(\d)\/review$/.exec(call)?.[1];
    if (reviewed !== undefined)
      return {
        page: page("Write a review", {
          forms: [
            {
              button: "Send review",
              sends: `POST /books/${reviewed}/review`,
              fields: "stars!=1,2,3,4,5 title! text:textarea!",
            },
          ],
        }),
      };
    if (/^POST \/books\/\d\/review$/.test(call))
      return { page: page("Thank you", { text: "Your review was saved" }) };
    const added = /^POST \/basket\/(\d)$/.exec(call)?.[1];
    if (added !== undefined) {
      if (BOOKS.find(([id]) => id === added)?.[3] === "sold out")
        return { page: listed(BOOKS), status: 409, note: "sold out" };
      basket.push(added);
      return { page: basketPage() };
    }
    if (/^POST \/wish\/\d$/.test(call)) return { page: page("Your wish list") };
    const removed = /^POST \/basket\/(\d)\/remove$/.exec(call)?.[1];
    if (removed !== undefined) {
      basket = basket.filter((id) => id !== removed);
      return { page: basketPage() };
    }
    switch (call) {
      case "GET /":
        return { page: page("Welcome") };
      case "GET /books":
        return { page: listed(BOOKS.slice(0, 2), ["Next page|/books?page=2"]) };
      case "GET /books?page=2":
        return { page: listed(BOOKS.slice(2), ["Previous page|/books"]) };
      case "GET /search":
        return {
          page: listed(BOOKS.filter(([, name]) => name.toLowerCase() === String(data.q).toLowerCase())),
        };
      case "GET /login":
        return { page: login };
      case "POST /login":
        user = data.user === "ann" && data.password === "{{password}}";
        return user ? { page: page("Welcome, ann") } : { page: login, note: 'errors {"user":"Unknown"}' };
      case "GET /logout":
        user = false;
        return { page: page("You are signed out") };
      case "GET /register":
        return {
          page: page("Register", {
            forms: [
              {
                button: "Create account",
                sends: "POST /register",
                fields:
                  "user! email:email! password:password! password_again:password! terms:checkbox!=1 country:select!=,de,fr",
              },
            ],
          }),
        };
      case "POST /register":
        return { page: page("Your account was created") };
      case "GET /contact":
        return {
          page: page("Contact", {
            forms: [
              {
                button: "Send message",
                sends: "POST /contact",
                fields: "name! email:email! subject message:textarea!",
              },
            ],
          }),
        };
      case "POST /contact":
        return String(data.message ?? "").length < 20
          ? {
              page: page("Contact", {
                forms: [
                  {
                    button: "Send message",
                    sends: "POST /contact",
                    fields: "name! email:email! subject message:textarea!",
                  },
                ],
              }),
              note: 'errors {"message":"must have at least 20 characters"}',
            }
          : { page: page("Message sent") };
      case "GET /basket":
        return { page: basketPage() };
      case "GET /checkout":
        if (!user || expires) {
          expires = false;
          user = false;
          return { page: login, note: "asks to sign in" };
        }
        return {
          page: page("Address", {
            forms: [
              {
                button: "Continue",
                sends: "POST /checkout/address",
                fields: "street! city! country:select!=,Germany,France",
              },
            ],
          }),
        };
      case "POST /checkout/address":
        return {
          page: page("Payment", {
            forms: [{ button: "Place order", sends: "POST /order", fields: "payment!=card,invoice" }],
          }),
        };
      case "POST /order":
        basket = [];
        return {
          page: page("Order placed", {
            text: "Thank you for your order 17",
            links: ["Show order|/orders/17"],
          }),
        };
      case "GET /orders":
        return { page: page("My orders", { links: ["Order 17|/orders/17|Order 17 of today"] }) };
      case "GET /orders/17":
        return {
          page: page("Order 17", { forms: [{ button: "Cancel order", sends: "POST /orders/17/cancel" }] }),
        };
      case "POST /orders/17/cancel":
        return {
          page: page("Cancel order 17?", {
            forms: [
              { button: "Yes, cancel it", sends: "POST /orders/17/cancel/yes" },
              { button: "No", sends: "GET /orders" },
            ],
          }),
        };
      case "POST /orders/17/cancel/yes":
        return { page: page("Order 17 is cancelled") };
      default:
        return { page: page("Not found"), status: 404 };
    }
  };
}

const SESSIONS: readonly [goal: string, trouble?: Parameters<typeof shop>[0]][] = [
  ["Log in, add a book under $20 to the basket, check out, log out."],
  ["Sign in, buy the cheapest book, sign out."],
  ['Add the book "Dune" to the basket, then remove it.'],
  ['Search for "Emma" and put it into the basket.'],
  ['Search for "Walden" under $10, write a review titled "Good" with 5 stars.'],
  ["Log in, buy Ulysses."],
  ["Register as a new customer."],
  ['Send a message about "a broken lamp".'],
  ["Log in, look at my orders, cancel order 17."],
  ["Log in, buy two books and pay by invoice."],
  ["Look at the books, then at the basket."],
  ["Log in, add a book to the basket, check out.", { expires: true }],
  ["Add a book to the basket.", { busy: true }],
  ["Add a book to the wish list."],
  ["Add the dearest book to the basket, log in and order it to Paris, France."],
  ["Log in, buy the Snow queen."],
  ['Search for "Moby Dick" and put it into the basket.'],
  ["Log in, add the Walden paperback to the basket, check out."],
  ["Add the Emma edition to the wish list."],
  ["Paint the walls."],
  ["Subscribe to the newsletter, then add a book to the basket."],
];

/** Not all that they do is what their goals want: a change of the planner shows what it changes. */
test("sessions in a web shop, call by call, as they were reviewed", async () => {
  const planner = createPlanner();
  const texts = SESSIONS.map(([goal, trouble]) => {
    const about = trouble === undefined ? "" : ` [${Object.keys(trouble).join(", ")}]`;
    return [`${goal}${about}`, ...runSiteSession(planner, goal, shop(trouble))].join("\n  ");
  });
  await expect(`${texts.join("\n\n")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "../../test/approved/site-sessions.txt"),
  );
});
