import { expect, test } from "vitest";
import { cleanSegment, foldText, pathSpellings } from "./path-spelling.ts";

test.each<[string, string[]]>([
  ["/Admin/Users", ["/admin/users"]],
  ["/a_b-1", ["/a_b-1"]],
  ["/", ["/"]],
  ["//admin//", ["/admin"]],
  ["/admin/%2e%2e/x", ["/admin/../x", "/x"]],
  ["/./a/.", ["/./a/.", "/a"]],
  ["/../a", ["/../a", "/a"]],
  ["/a%2fb", ["/a\ue000b", "/a/b"]],
  ["/a%252Fb", ["/a\ue000b", "/a/b"]],
  ["/a%5cb", ["/a\ue000b", "/a/b"]],
  ["/a\\b", ["/a\ue000b", "/a/b"]],
  ["/a%u002fb", ["/a\ue000b", "/a/b"]],
  ["/a%c0%afb", ["/a\ue000b", "/a/b"]],
  ["/a;x=1/b", ["/a;x=1/b", "/a/b"]],
  ["/a%3fb", ["/a?b", "/a"]],
  ["/a%23b", ["/a#b", "/a"]],
  ["/a%00b", ["/ab", "/a"]],
  ["/a\u200bb", ["/ab", "/a\u200bb"]],
  ["/a%20/b.", ["/a/b"]],
  ["/a+b", ["/a+b", "/a b"]],
  ["/a%2Bb++c/d", ["/a+b++c/d", "/a b  c/d"]],
  ["/c++/+d", ["/c++/+d"]],
  ["/a::$DATA", ["/a"]],
  ["/admin.php/users", ["/admin.php/users", "/admin/users", "/users"]],
  ["/index.php/admin", ["/index.php/admin", "/index/admin", "/admin"]],
  ["/admin.php", ["/admin.php"]],
  ["/a.phpx/b", ["/a.phpx/b"]],
  ["/a.xphp/b", ["/a.xphp/b"]],
  ["/a b.php/c", ["/a b.php/c", "/a b/c"]],
  ["/a/b.do/c", ["/a/b.do/c", "/a/b/c", "/a/c"]],
  ["/x(s(abc))/admin", ["/x(s(abc))/admin"]],
  ["/(s(abc))x/admin", ["/(s(abc))x/admin"]],
  ["/(f(a)s(b))", ["/(f(a)s(b))", "/"]],
  ["/a%2fb%5Cc", ["/a\ue000b\ue000c", "/a/b/c"]],
  ["/a%e0%80%afb", ["/a\ue000b", "/a/b"]],
  ["/a%f0%80%80%afb", ["/a\ue000b", "/a/b"]],
  ["/(S(abc))/admin", ["/(s(abc))/admin", "/admin"]],
  ["/(x)/admin", ["/(x)/admin"]],
])("%s may be read as %j", (path, spellings) => {
  expect([...pathSpellings(path)].sort()).toEqual([...spellings].sort());
});

test.each([
  ["%41", "a"],
  ["%2541", "a"],
  ["%u0041", "a"],
  ["\uff21", "a"],
  ["%c1%81", "a"],
  ["%e0%81%81", "a"],
  ["%f0%80%81%81", "a"],
  ["%e4", "\u00e4"],
  ["%c3%a4", "\u00e4"],
  ["ADM\u0130N", "admin"],
  ["adm\u0131n", "admin"],
  ["adm%C4%B0n", "admin"],
  ["a\uff0fb", "a/b"],
  ["%zz", "%zz"],
  [`${"%25".repeat(1)}${"25".repeat(6)}41`, "a"],
  [`${"%25".repeat(1)}${"25".repeat(7)}41`, "%41"],
])("%s is folded to %s", (text, folded) => {
  expect(foldText(text)).toBe(folded);
});

test.each([
  [" a ", "a"],
  ["a. .", "a"],
  [".", "."],
  ["..", ".."],
  [" .. ", ".."],
  ["...", ""],
  ["a:$DATA", "a"],
  ["a:stream:$DATA", "a"],
  ["a:b", "a:b"],
])("the segment %j is cleaned to %j", (segment, clean) => {
  expect(cleanSegment(segment)).toBe(clean);
});
