import { expect, test } from "vitest";
import { declaredCharset } from "./declared-charset.ts";

test.each([
  ['<meta charset="latin1">', "latin1"],
  ["<!doctype html><html lang=en><head><meta charset=koi8-r>", "koi8-r"],
  ["<META HTTP-EQUIV=content-type CONTENT='text/html; charset=windows-1251'>", "windows-1251"],
  ["<meta content='text/html; charset = koi8-r'>", "koi8-r"],
  ['<meta content="charset=utf-8" http-equiv="Content-Type"/>', "utf-8"],
  ['<meta name=a charset=" big5 ">', "big5"],
  ["<meta/charset=big5>", "big5"],
  ["<meta charset=a charset=b>", "a"],
  ['<meta charset=""><meta charset=b>', "b"],
  ['<?xml version="1.0" encoding="ISO-8859-15"?><a/>', "ISO-8859-15"],
  ["<!-- > --><meta charset=b>", "b"],
  ["<!--><meta charset=b>", "b"],
  ["<a title='>'><meta charset=b>", "b"],
  ["text < 5 <1 <meta charset=b>", "b"],
])("%s declares %s", (text, charset) => {
  expect(declaredCharset(text)).toBe(charset);
});

test.each([
  ["a comment", '<!-- <meta charset="iso-8859-1"> -->'],
  ["an open comment", '<!-- <meta charset="iso-8859-1">'],
  ["a description", '<meta name="description" content="charset=koi8-r explained">'],
  ["another attribute", '<meta data-charset="koi8-r">'],
  ["an attribute of another tag", "<a title='<meta charset=koi8-r>'>"],
  ["another tag", "<metadata charset=koi8-r>"],
  ["a processing instruction", "<?php <meta charset=koi8-r>"],
  ["no tag", "meta charset=koi8-r"],
  ["an end without a tag", "<meta charset"],
  ["nothing", ""],
])("%s declares none", (_, text) => {
  expect(declaredCharset(text)).toBeUndefined();
});

test("its time is linear in the text", () => {
  for (const part of ["<meta ", "<a ='", "<!--", "<meta charset", "< / "]) {
    const began = performance.now();
    declaredCharset(part.repeat(20_000));
    expect(performance.now() - began).toBeLessThan(1_000);
  }
});
