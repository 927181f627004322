import { describe, expect, it } from "@jest/globals";
import { unknownNames } from "./unknown-names.ts";

describe("what looks like the name of a resource", () => {
  it.each([
    ["Disk /var is full.", ["/var"]],
    ["/var/log/app.log grows", ["/var/log/app.log"]],
    ["Drive D: is full", ["D:", "D"]],
    ["wlan0 and enp3s0 are up", ["wlan0", "enp3s0"]],
    ["nvme0n1 is full", ["nvme0n1"]],
    ["`postgres` runs", ["postgres"]],
    ["process chrome runs", ["chrome"]],
    ['The program "mail" runs', ["mail"]],
    ["interface Office.", ["Office"]],
  ])("is found in %j", (text, names) => {
    expect([...unknownNames(text, "en")].sort()).toEqual([...names].sort());
  });

  it.each([
    "The disk is 61 % full and uses 1.2 MB/s.",
    "Process \u25a1\u25a1\u25a1\u25a1 uses 45 % of a core.",
    "Each process takes 3 %.",
    "One process 45 %",
    "This and/or that.",
    "132 processes run",
    "The lower limit",
  ])("is not found in %j", (text) => {
    expect(unknownNames(text, "en")).toEqual([]);
  });

  it("is found by its shape alone in Japanese", () => {
    expect(unknownNames("ディスク/varとwlan0", "ja")).toEqual(["/var", "wlan0"]);
    expect(unknownNames("ディスクの使用率は61%です。", "ja")).toEqual([]);
  });
});
