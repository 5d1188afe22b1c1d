import { expect, test } from "vitest";
import { statusFromText } from "./status-from-text.ts";

test.each([
  ["You are not logged in.", 401],
  ["Session has expired", 401],
  ["no such boat", 404],
  ["Order 7 does not exist", 404],
  ["the boat is taken", 409],
  ["Sold out!", 409],
  ["Too many requests, slow down", 429],
  ["Internal server error", 500],
  ["connect ECONNREFUSED 127.0.0.1", 500],
  ["the upstream timed out", 504],
  ["Permission denied", 403],
  ["Your session timed out", 401],
  ["The login has expired", 401],
  ["ValidationException: days must be at most 5", 422],
  ["Traceback (most recent call last): ValueError: days is too high", 422],
  ["open every day with the exception of Mondays", 422],
  ["days must be a whole number", 422],
  ["", 422],
])("%j is like %i", (text, status) => {
  expect(statusFromText(text)).toBe(status);
});
