import "@testing-library/jest-dom/jest-globals";
import { TextDecoder, TextEncoder } from "node:util";

// What Grafana's packages expect of a browser and jsdom lacks.
Object.assign(globalThis, { TextDecoder, TextEncoder });

Object.defineProperty(globalThis, "matchMedia", {
  writable: true,
  value: (query: string) => ({
    matches: false,
    media: query,
    addListener: () => {},
    removeListener: () => {},
    addEventListener: () => {},
    removeEventListener: () => {},
  }),
});

HTMLCanvasElement.prototype.getContext = () => null;
