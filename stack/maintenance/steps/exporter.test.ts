import { describe, expect, it } from "@jest/globals";
import type { Row } from "../step.ts";
import { hardware } from "../testing/hardware.ts";
import { acceleratorRows, familyRows, modelRows } from "./exporter.ts";

const verdictOf = (rows: readonly Row[], id: string) => rows.find((row) => row.id === id)?.verdict;
const detailOf = (rows: readonly Row[], id: string) => rows.find((row) => row.id === id)?.detail;

describe("the models", () => {
  const hardware = { chatModel: { phase: "missing", text: "no chat model is here" } } as never;
  const ready = (task: string, value: number) => ({
    name: "headroom_model_ready",
    labels: { task },
    value,
  });

  it("pass when they answer", () => {
    const samples = [ready("sentiment", 1), ready("status", 1)];
    const rows = modelRows({ notReady: undefined, samples, hardware });
    expect(rows.map(({ verdict }) => verdict)).toEqual(["pass", "pass", "pass"]);
  });

  it("fail when they do not, and a chat model that is not here is unknown", () => {
    const samples = [ready("sentiment", 0)];
    const rows = modelRows({ notReady: "/readyz answered 503", samples, hardware });
    expect(rows.map(({ verdict }) => verdict)).toEqual(["fail", "fail", "unknown"]);
    expect(rows[0]!.detail).toContain("/readyz answered 503");
    expect(rows[2]!.detail).toBe("no chat model is here");
  });
});

describe("the accelerator", () => {
  const gpu = { backend: "cuda", name: "Card" };

  it("passes where there is none, and where it is used", () => {
    expect(verdictOf(acceleratorRows(hardware()), "accelerator")).toBe("pass");
    const used = acceleratorRows(hardware({ gpu, layers: -1 }));
    expect(used.find(({ id }) => id === "accelerator")).toMatchObject({
      verdict: "pass",
      observed: "Card (cuda), all layers on it",
    });
  });

  it("fails when it is left out, and says why and what to set", () => {
    const unused = acceleratorRows(hardware({ gpu, layers: 0 }));
    expect(verdictOf(unused, "accelerator")).toBe("fail");
    expect(detailOf(unused, "accelerator")).toContain("no memory");
    const missing = acceleratorRows(hardware({ gpu: { ...gpu, binary: "missing" }, layers: -1 }));
    expect(detailOf(missing, "accelerator")).toContain("HEADROOM_GPU=cuda");
  });

  it("is unknown when the machine does not tell", () => {
    const report = hardware();
    const facts = { ...report.facts, gpu: { known: false, reason: "no tool" } } as const;
    expect(verdictOf(acceleratorRows({ ...report, facts }), "accelerator")).toBe("unknown");
  });

  it("passes with hints, and fails with warnings and under Rosetta", () => {
    const report = hardware({ translated: true });
    expect(verdictOf(acceleratorRows(report), "hardware-advice")).toBe("pass");
    expect(verdictOf(acceleratorRows(report), "native-process")).toBe("fail");
    const warned = { ...report, advice: [{ ...report.advice[0]!, severity: "warning" as const }] };
    expect(verdictOf(acceleratorRows(warned), "hardware-advice")).toBe("fail");
  });
});

describe("the metric families", () => {
  const page = "# TYPE a gauge\na 1\n# TYPE b histogram\nb_count 2\n# TYPE c counter\n";
  const samples = [
    { name: "a", labels: {}, value: 1 },
    { name: "b_count", labels: {}, value: 2 },
  ];

  it("pass when what has series arrives; others are named", () => {
    const rows = familyRows({ page, samples }, new Set(["a", "b_count"]), []);
    expect(rows.map(({ verdict }) => verdict)).toEqual(["pass", "pass", "pass"]);
    expect(rows[0]).toMatchObject({ observed: "2 of 3 families, 1 without a series" });
    expect(rows[0]!.detail).toContain("c.");
  });

  it("fail when one is missing, no number, or still", () => {
    const broken = [...samples, { name: "a", labels: {}, value: Number.NaN }];
    const rows = familyRows({ page, samples: broken }, new Set(["a"]), ["a"]);
    expect(rows.map(({ verdict }) => verdict)).toEqual(["fail", "fail", "fail"]);
    expect(rows[0]!.detail).toContain("Missing: b.");
  });
});
