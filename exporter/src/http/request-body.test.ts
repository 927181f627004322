import { describe, expect, it } from "@jest/globals";
import type { Request } from "express";
import { cacheUse } from "./request-body.ts";

const use = (header: string | undefined) =>
  cacheUse({ headers: { "cache-control": header } } as Request);

describe("the cache", () => {
  it.each(["no-store", "No-Store", "max-age=0, no-store", "no-store,no-transform", " no-store "])(
    "is left out for Cache-Control: %s",
    (header) => {
      expect(use(header)).toBe("no-store");
    },
  );

  it.each([undefined, "", "no-cache", "max-age=0", "x-no-store", "no-store-ever", "no store"])(
    "is used for Cache-Control: %s",
    (header) => {
      expect(use(header)).toBe("use");
    },
  );
});
