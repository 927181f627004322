import { describe, expect, it } from "@jest/globals";
import { accessLabel, describeAccess, leastDirect, type EngineAccess } from "./scorer.ts";

const called = (access?: EngineAccess) => ({
  engine: "llama.cpp" as const,
  ...(access && { access }),
});
const direct = called({ by: "C API", output: "vocabulary" });
const labels = called({ by: "C API", output: "labels" });
const indirect = called({ by: "node-llama-cpp", because: "koffi cannot be loaded" });

describe("how an engine is called", () => {
  it.each([
    [direct, "c_api", "llama.cpp by its C API"],
    [labels, "c_api", "llama.cpp by its C API, for the labels alone"],
    [
      called({ by: "C API", output: "vocabulary", because: "its scores differ" }),
      "c_api",
      "llama.cpp by its C API, for all tokens because its scores differ",
    ],
    [indirect, "node_llama_cpp", "node-llama-cpp, because koffi cannot be loaded"],
    [called(), "node_llama_cpp", "node-llama-cpp"],
    [{ engine: "simulated" as const }, "none", "simulated"],
  ])("is told of %j as %s", (model, label, text) => {
    expect(accessLabel(model)).toBe(label);
    expect(describeAccess(model)).toBe(text);
  });

  it("is told of the copy that could not be called directly", () => {
    expect(leastDirect([direct, indirect])).toBe(indirect);
    expect(leastDirect([direct, direct])).toBe(direct);
  });
});
