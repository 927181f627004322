import { describe, expect, it } from "@jest/globals";
import { setTimeout as sleep } from "node:timers/promises";
import type { HeadroomError } from "../errors.ts";
import { Admission, type Place } from "./admission.ts";

const IDLE_MS = 1_050;
const evictions = (place: Place): HeadroomError[] => {
  const told: HeadroomError[] = [];
  place.onEvict = (why) => told.push(why);
  return told;
};

describe("admission", () => {
  it("gives the place of a client that does not go on to one that comes", async () => {
    const admission = new Admission({ messages: 10, requests: 2, bytes: 1000 });
    const [idle, busy] = [admission.enter(), admission.enter()];
    const [idleTold, busyTold] = [evictions(idle), evictions(busy)];
    await sleep(IDLE_MS);
    busy.addBytes(1);
    admission.enter();
    expect(idleTold.map(({ code }) => code)).toEqual(["request_timeout"]);
    expect(busyTold).toEqual([]);
    expect(admission.requests).toBe(2);
    // All that are left go on.
    expect(() => admission.enter()).toThrow(expect.objectContaining({ code: "overloaded" }));
  });

  it("gives bytes that wait for an idle client to one that sends", async () => {
    const admission = new Admission({ messages: 10, requests: 10, bytes: 1000 });
    const idle = admission.enter();
    const told = evictions(idle);
    idle.addBytes(900);
    const other = admission.enter();
    expect(() => other.addBytes(200)).toThrow(expect.objectContaining({ code: "overloaded" }));
    await sleep(IDLE_MS);
    other.addBytes(200);
    expect(told).toHaveLength(1);
    expect(admission.bytes).toBe(200);
  });

  it("keeps room for requests of a few messages that large ones cannot take", () => {
    const admission = new Admission({ messages: 1_000, requests: 10, bytes: 1000 });
    admission.enter().addMessages(800);
    expect(() => admission.enter().addMessages(128)).toThrow(
      expect.objectContaining({ code: "overloaded" }),
    );
    admission.enter().addMessages(16);
    expect(admission.messages).toBe(816);
  });

  it("never takes the place of a client that waits for its answer", async () => {
    const admission = new Admission({ messages: 10, requests: 1, bytes: 1000 });
    const waits = admission.enter();
    const told = evictions(waits);
    waits.received();
    await sleep(IDLE_MS);
    expect(() => admission.enter()).toThrow(expect.objectContaining({ code: "overloaded" }));
    expect(told).toEqual([]);
  });

  it("holds answers until they are taken, and drops one that nobody reads for another", async () => {
    const admission = new Admission({ messages: 10, requests: 10, bytes: 1000 });
    const [silent, reader] = [admission.enter(), admission.enter()];
    silent.received();
    silent.addAnswer(800);
    const told = evictions(silent);
    await sleep(IDLE_MS);
    reader.addAnswer(700);
    expect(told).toHaveLength(1);
    expect(admission.bytes).toBe(700);
    reader.taken(300);
    expect(admission.bytes).toBe(400);
    reader.leave();
    reader.leave();
    // The one that lost its place has left already.
    silent.leave();
    expect([admission.bytes, admission.requests]).toEqual([0, 0]);
  });
});
