import { describe, expect, it } from "@jest/globals";
import { type Advice, adviceFor, alertWords, type LaneAlert, worstAlert } from "./alert.ts";

const alert = (name: string, rest: Partial<LaneAlert> = {}): LaneAlert => ({
  ...{ name, state: "firing", severity: "warning", since: 1_000 },
  ...rest,
});
const advice = (name: string, severity: Advice["severity"]): Advice => ({
  ...{ alert: name, severity, limits: ["a"], holdSeconds: 120 },
  ...{ runbookUrl: "", action: `Mend ${name}.` },
});

describe("worstAlert", () => {
  it("prefers what fires, then what is critical, then what began first", () => {
    const pending = alert("pending", { state: "pending", severity: "critical", since: 0 });
    const critical = alert("critical", { severity: "critical", since: 9_000 });
    const early = alert("early", { since: 500 });
    expect(worstAlert([pending, alert("late"), early, critical])?.name).toBe("critical");
    expect(worstAlert([pending, alert("late"), early])?.name).toBe("early");
    expect(worstAlert([pending])?.name).toBe("pending");
    expect(worstAlert([])).toBeUndefined();
  });
});

describe("adviceFor", () => {
  const known = [advice("High", "warning"), advice("Critical", "critical")];

  it("is that of the alert, else that of the severity that is broken", () => {
    expect(adviceFor(known, alert("Critical", { severity: "critical" }), "warning")?.alert).toBe(
      "Critical",
    );
    expect(adviceFor(known, alert("Other"), "warning")?.alert).toBe("High");
    expect(adviceFor(known, undefined, "critical")?.alert).toBe("Critical");
    expect(adviceFor(known, undefined, undefined)).toBeUndefined();
  });
});

describe("alertWords", () => {
  const clock = { now: 200_000, at: (time: number) => `${time / 1_000}` };

  it("says for how long it is pending, and since when it fires", () => {
    const pending = alert("High", { state: "pending", since: 160_000 });
    expect(alertWords(pending, advice("High", "warning"), clock)).toBe("pending 40 s");
    expect(alertWords(alert("High"), advice("High", "warning"), clock)).toBe("firing since 121");
  });

  it("does not fire in the future, and says no time that it does not know", () => {
    const skewed = alert("High", { since: 199_000 });
    expect(alertWords(skewed, advice("High", "warning"), clock)).toBe("firing since 200");
    expect(alertWords(alert("High", { since: NaN }), undefined, clock)).toBe("firing");
  });
});
