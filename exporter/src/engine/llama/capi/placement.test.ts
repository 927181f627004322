import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  bytesOnDevice,
  fitLayers,
  outputBytes,
  place,
  type ModelSize,
  type PlacementInput,
} from "./placement.ts";

/** The embedded model: a layer, 2,048 tokens. */
const TINY: ModelSize = {
  bytes: 303_488,
  layers: 1,
  outputBytes: 131_072,
  contextBytes: 98_304,
  scratchBytes: 9.4e6,
};

/** SmolLM2-135M in Q4_1. */
const SMOL: ModelSize = {
  bytes: 96_576_768,
  layers: 30,
  outputBytes: outputBytes({
    bytes: 96_576_768,
    parameters: 134_515_008,
    vocabulary: 49_152,
    width: 576,
  }),
  contextBytes: 12e6,
  scratchBytes: 120e6,
};

const given = (some: Partial<PlacementInput>): PlacementInput => ({
  model: SMOL,
  freeBytes: 2 ** 31,
  processorSeconds: 0.2,
  device: { seconds: 0.02 },
  asked: false,
  ...some,
});

describe("placing a model", () => {
  it("leaves a tiny one on the processor when that is quicker", () => {
    const device = { seconds: 1 };
    expect(place(given({ model: TINY, processorSeconds: 0.0073, device }))).toEqual({
      on: "processor",
      layers: 0,
      why: "A probe takes 1000 ms on the device and 7.3 ms on the processor.",
    });
  });

  it("puts all layers of a real one on a quick device", () => {
    expect(place(given({}))).toEqual({
      on: "device",
      layers: 31,
      why:
        "31 of 31 layers are on the device, in 229 MB: " +
        "a probe takes 20 ms on the device and 200 ms on the processor.",
    });
  });

  it("puts as many there as its memory holds", () => {
    const { on, layers, why } = place(given({ freeBytes: 450e6 }));
    expect({ on, layers }).toEqual({ on: "device", layers: 13 });
    expect(why).toMatch(/^13 of 31 layers are on the device, in 19\d MB: /);
  });

  it("says that the memory holds none", () => {
    expect(place(given({ freeBytes: 300e6, asked: true }))).toEqual({
      on: "processor",
      layers: 0,
      why: "No layer fits into the 300 MB that the device has free.",
    });
  });

  it("takes a slower device that was asked for, and says so", () => {
    expect(place(given({ asked: true, device: { seconds: 15.3 } })).why).toBe(
      "31 of 31 layers are on the device, in 229 MB, which was asked for, although " +
        "a probe takes 15000 ms on the device and 200 ms on the processor.",
    );
  });

  it("takes none that does not work, even when it was asked for", () => {
    const device = { failed: "it was lost" };
    expect(place(given({ asked: true, device }))).toEqual({
      on: "processor",
      layers: 0,
      why: "The device could not be used: it was lost.",
    });
  });

  it("is not moved by a gain that another run may not show", () => {
    expect(place(given({ device: { seconds: 0.19 } })).on).toBe("processor");
    expect(place(given({ device: { seconds: NaN } })).on).toBe("processor");
  });
});

const size = (max: number) => fc.integer({ min: 0, max });

const models: fc.Arbitrary<ModelSize> = fc
  .record({
    bytes: fc.integer({ min: 1, max: 200e9 }),
    layers: size(200),
    output: fc.double({ min: 0, max: 1, noNaN: true }),
    contextBytes: size(50e9),
    scratchBytes: size(5e9),
  })
  .map(({ output, ...model }) => ({ ...model, outputBytes: Math.floor(output * model.bytes) }));

const inputs: fc.Arbitrary<PlacementInput> = fc.record({
  model: models,
  freeBytes: size(300e9),
  processorSeconds: fc.double({ min: 1e-6, max: 100, noNaN: true }),
  device: fc.oneof(
    fc.record({ seconds: fc.double({ min: 1e-6, max: 100 }) }),
    fc.record({ failed: fc.constant("it was lost") }),
  ),
  asked: fc.boolean(),
});

describe("whatever the model and the device", () => {
  it("the layers fit, and one more would not", () => {
    fc.assert(
      fc.property(models, size(300e9), (model, freeBytes) => {
        const { layers, bytes } = fitLayers(model, freeBytes);
        const usable = freeBytes - Math.max(256e6, freeBytes / 10);
        expect(bytes).toBe(bytesOnDevice(model, layers));
        if (layers > 0) expect(bytes).toBeLessThanOrEqual(usable);
        expect(layers).toBeLessThanOrEqual(model.layers + 1);
        if (layers <= model.layers) {
          expect(bytesOnDevice(model, layers + 1)).toBeGreaterThan(usable);
        }
      }),
    );
  });

  it("more memory never holds fewer layers", () => {
    fc.assert(
      fc.property(models, size(300e9), size(50e9), (model, freeBytes, more) => {
        const { layers } = fitLayers(model, freeBytes);
        expect(fitLayers(model, freeBytes + more).layers).toBeGreaterThanOrEqual(layers);
      }),
    );
  });

  it("layers go to the device that is used, to no other, and never against the clock unasked", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { on, layers, why } = place(input);
        expect(layers > 0).toBe(on === "device");
        expect(why).toMatch(/^[A-Z0-9].*\.$/);
        if (on === "processor") return;
        expect("failed" in input.device).toBe(false);
        if ("seconds" in input.device && !input.asked) {
          expect(input.device.seconds).toBeLessThan(input.processorSeconds);
        }
      }),
    );
  });

  it("being asked for never takes a device away, and a quicker one never gives it back", () => {
    fc.assert(
      fc.property(inputs, fc.double({ min: 0.01, max: 1, noNaN: true }), (input, factor) => {
        if (place(input).on === "processor") return;
        expect(place({ ...input, asked: true }).on).toBe("device");
        const { device } = input;
        if (!("seconds" in device)) return;
        const quicker = { seconds: device.seconds * factor };
        expect(place({ ...input, device: quicker }).on).toBe("device");
      }),
    );
  });
});
