import { describe, expect, it } from "@jest/globals";
import { interfaceStates, parseNetDev } from "./network.ts";

const NET_DEV = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 24459437  101    0    0    0     0          0         0 24459437   101    0    0    0     0       0          0
  eth0: 443888700 3000   1    2    0     0          0         0  1527417  2000    3    4    0     0       0          0
veth1a2:     1000   10    0    0    0     0          0         0     2000    10    0    0    0     0       0          0
  wlan0:9         1    0    0    0     0          0         0        8     1    0    0    0     0       0          0
`;

describe("parseNetDev", () => {
  it("reads bytes, errors and drops of both directions, without loopback and containers", () => {
    expect(parseNetDev(NET_DEV)).toEqual([
      { name: "eth0", received: 443_888_700, sent: 1_527_417, errors: 10 },
      { name: "wlan0", received: 9, sent: 8, errors: 0 },
    ]);
  });
});

describe("interfaceStates", () => {
  const before = [{ name: "eth0", up: true, received: 1000, sent: 500, errors: 5 }];

  it("gives rates over the time between two counts", () => {
    const after = [{ name: "eth0", up: true, received: 5000, sent: 500, errors: 8 }];
    expect(interfaceStates(before, after, 2)).toEqual([
      { name: "eth0", up: true, receivedBytesPerSecond: 2000, sentBytesPerSecond: 0, errors: 3 },
    ]);
  });

  it("gives no rate to an interface that is new or counts from 0 again", () => {
    const after = [
      { name: "wlan0", up: true, received: 9e9, sent: 9e9, errors: 9 },
      { name: "eth0", up: false, received: 10, sent: 10, errors: 0 },
    ];
    const still = { receivedBytesPerSecond: 0, sentBytesPerSecond: 0, errors: 0 };
    expect(interfaceStates(before, after, 2)).toEqual([
      { name: "eth0", up: false, ...still },
      { name: "wlan0", up: true, ...still },
    ]);
  });
});
