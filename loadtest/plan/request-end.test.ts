import { describe, expect, it } from "@jest/globals";
import { endOf } from "./request-end.ts";

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
