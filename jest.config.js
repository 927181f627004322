const swc = (module, jsc) => [
  "@swc/jest",
  { jsc: { target: "es2022", ...jsc }, module: { type: module } },
];

/** The sources as ES modules; swc only strips the types. */
const node = {
  displayName: "node",
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "^.+\\.ts$": swc("es6", {
      parser: { syntax: "typescript" },
      experimental: { keepImportAttributes: true },
    }),
  },
  roots: ["alerts", "exporter", "grafana-plugin", "incidents", "loadtest", "provisioning", "stack"],
  testMatch: ["**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "/dist/", "/grafana-plugin/src/"],
};

/** The panel as CommonJS in jsdom, as in create-plugin's layout: Grafana's packages ask for it. */
const panel = {
  displayName: "panel",
  rootDir: "grafana-plugin",
  testEnvironment: "jsdom",
  // Some of Grafana's dependencies ship ES modules only.
  transform: {
    "^.+\\.(m?[jt]s|[jt]sx)$": swc("commonjs", {
      parser: { syntax: "typescript", tsx: true },
      transform: { react: { runtime: "automatic" } },
    }),
  },
  transformIgnorePatterns: [
    "node_modules/(?!.*(@grafana/schema|@wojtekmaj|d3|get-user-locale|marked|memoize|mimic-function|ol/|quickselect|rbush|react-calendar|react-colorful|uuid|uwrap).*)",
  ],
  roots: ["<rootDir>/src"],
  testMatch: ["**/*.test.{ts,tsx}"],
  moduleNameMapper: {
    "\\.css$": "<rootDir>/testing/style.ts",
    "^react-inlinesvg$": "<rootDir>/testing/inline-svg.tsx",
  },
  setupFilesAfterEnv: ["<rootDir>/jest-setup.ts"],
};

export default {
  projects: [node, panel],
  // Against hanging: far above what a test takes on a machine that is busy with other things.
  testTimeout: 300_000,
  // Two for each of two cores: half of the time tests wait for programs that wait themselves.
  maxWorkers: 4,
};
