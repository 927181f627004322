import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { endOf, loopbackTarget } from "./request.ts";

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
    "http://",
    "http://[]",
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

const response = (status: number, error_code = 0) => ({
  status,
  error_code,
  timings: { duration: 12 },
});

describe("how a request ended", () => {
  it.each([
    ["an answer", response(200), "ok"],
    ["a refusal", response(503, 1503), "refused"],
    ["a failure", response(500, 1500), "server_error"],
    ["a wrong request", response(413, 1413), "client_error"],
    ["a deadline that the exporter missed", response(504, 1504), "deadline"],
    ["a connection that failed", response(0, 1212), "server_error"],
    ["an answer that broke off", response(200, 1220), "server_error"],
  ])("is known of %s", (_, ended, outcome) => {
    expect(endOf(ended, 15)).toEqual({ outcome, milliseconds: 12 });
  });

  it.each([response(0, 1050), response(200, 1050)])(
    "takes all the time that the client waited when it gave up: %p",
    (gaveUp) => {
      expect(endOf(gaveUp, 10_004)).toEqual({ outcome: "deadline", milliseconds: 10_004 });
    },
  );
});
