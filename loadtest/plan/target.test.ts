import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { loopbackTarget } from "./target.ts";

describe("the target of a load run", () => {
  it.each([
    ["http://127.0.0.1:9700", "http://127.0.0.1:9700"],
    ["http://127.8.9.1:80/", "http://127.8.9.1:80"],
    ["http://LOCALHOST", "http://localhost"],
    ["http://[::1]:9700/", "http://[::1]:9700"],
  ])("may be %s", (address, target) => {
    expect(loopbackTarget(address)).toBe(target);
  });

  it.each([
    "http://10.0.0.1:9700",
    "http://example.com",
    "http://127.0.0.1.example.com:80",
    "http://localhost.example.com",
    "http://0.0.0.0:9700",
    "http://[::ffff:10.0.0.1]:80",
    "http://1270.0.0.1",
  ])("is refused when it is another machine: %s", (address) => {
    expect(() => loopbackTarget(address)).toThrow(/load runs only against this machine/);
  });

  it.each([
    "",
    "127.0.0.1:9700",
    "https://127.0.0.1",
    "http://127.0.0.1:9700/v1/sentiment",
    "http://127.0.0.1@example.com",
    "http://user:secret@127.0.0.1",
    "http://127.0.0.1?x=http://example.com",
    "http://127.0.0.1#.example.com",
    "http://127.0.0.1\\@example.com",
  ])("is refused when it is no plain address: %s", (address) => {
    expect(() => loopbackTarget(address)).toThrow(RangeError);
  });

  it("is what a standard parser takes for loopback, whatever is accepted", () => {
    const host = fc.oneof(
      fc.webAuthority({ withIPv4: true, withIPv6: true, withPort: true, withUserInfo: true }),
      fc.ipV4().map((address) => address.replace(/^\d+/, "127")),
      fc.string(),
    );
    fc.assert(
      fc.property(host, (authority) => {
        let target: string;
        try {
          target = loopbackTarget(`http://${authority}`);
        } catch {
          return;
        }
        expect(new URL(target).hostname).toMatch(/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/);
      }),
    );
  });
});
