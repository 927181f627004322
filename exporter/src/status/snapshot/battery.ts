import { battery } from "systeminformation";
import type { BatteryState } from "./snapshot.ts";
import { amount } from "./reader.ts";

/**
 * Reads the battery.
 *
 * @returns undefined when the machine has none
 */
export async function readBattery(): Promise<BatteryState | undefined> {
  const { hasBattery, percent, isCharging } = await battery();
  if (!hasBattery) return undefined;
  return { charge: Math.min(1, amount(percent) / 100), charging: isCharging };
}
