import { expect, test } from "vitest";
import { isAddress, isLoopback, isPrivate } from "./address.ts";

test.each([
  ["9.255.255.255", false],
  ["10.0.0.0", true],
  ["10.255.255.255", true],
  ["11.0.0.0", false],
  ["172.15.255.255", false],
  ["172.16.0.0", true],
  ["172.31.255.255", true],
  ["172.32.0.0", false],
  ["192.167.255.255", false],
  ["192.168.0.0", true],
  ["192.168.255.255", true],
  ["192.169.0.0", false],
  ["100.63.255.255", false],
  ["100.64.0.0", true],
  ["100.127.255.255", true],
  ["100.128.0.0", false],
  ["198.17.255.255", false],
  ["198.18.0.0", true],
  ["198.19.255.255", true],
  ["198.20.0.0", false],
  ["fbff::1", false],
  ["fc00::", true],
  ["fdff:ffff::1", true],
  ["[fd00::1]", true],
  ["fd00::1%eth0", true],
  ["fe00::1", false],
  ["fe80::1", false],
  ["febf::1", false],
  ["fec0::", true],
  ["feff::1", true],
  ["ff00::1", false],
  ["::ffff:100.64.0.1", true],
  ["::ffff:100.128.0.1", false],
  ["127.0.0.1", false],
  ["169.254.169.254", false],
  ["shop", true],
  ["shop.", true],
  ["shop.internal", true],
  ["shop.load.svc", true],
  ["SHOP.LOCAL.", true],
  ["shop.test", true],
  ["shop.internal.example", false],
  ["shopinternal.example", false],
  ["test.example", false],
])("%s is private: %j", (host, shown) => {
  expect(isPrivate(host)).toBe(shown);
});

test.each([
  ["126.255.255.255", false],
  ["127.0.0.0", true],
  ["127.255.255.255", true],
  ["128.0.0.0", false],
  ["0.0.0.0", true],
  ["0.0.0.1", false],
  ["::", true],
  ["::1", true],
  ["[::1]", true],
  ["::2", false],
  ["::ffff:127.0.0.1", true],
  ["localhost", true],
  ["LocalHost.", true],
  ["shop.localhost", true],
  ["notlocalhost", false],
  ["localhost.example", false],
])("%s is this machine: %j", (host, shown) => {
  expect(isLoopback(host)).toBe(shown);
});

test.each([
  ["10.0.0.1", true],
  ["10.0.0.1.", true],
  ["[::1]", true],
  ["fe80::1%eth0", true],
  ["10.0.0", false],
  ["shop", false],
  ["", false],
])("%j is an address: %j", (host, shown) => {
  expect(isAddress(host)).toBe(shown);
});
