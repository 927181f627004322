import jsdoc from "eslint-plugin-jsdoc";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

const packages = [
  "alerts",
  "exporter",
  "grafana-plugin",
  "incidents",
  "loadtest",
  "provisioning",
  "stack",
];

/** Which packages each may import, by name; k6 alone needs paths, as it knows no packages. */
const mayImport = {
  alerts: [],
  exporter: ["alerts"],
  // Beside the exporter it is compared with saved load runs.
  "exporter/bench": ["alerts", "loadtest"],
  "grafana-plugin": ["alerts"],
  incidents: ["alerts", "exporter"],
  loadtest: ["alerts"],
  provisioning: ["alerts"],
  stack: ["alerts", "exporter", "grafana-plugin", "incidents", "loadtest", "provisioning"],
};
const K6 = ["loadtest/{profiles,lib,plan,report}/**"];

const directions = Object.entries(mayImport).map(([folder, allowed]) => ({
  files: [`${folder}/**/*.{ts,tsx}`],
  ignores: K6,
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          {
            regex: `^@headroom/(?!(${allowed.join("|") || "-"})/)`,
            message: `${folder} may import of other packages: ${allowed.join(", ") || "none"}.`,
          },
          {
            regex: `\\.\\./(${packages.join("|")})/`,
            message: "Import another package by its name, @headroom/<package>/<file>.",
          },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ["**/dist/", "**/node_modules/", ".tools/", ".runs/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  tseslint.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    plugins: { jsdoc },
    languageOptions: { globals: globals.node },
    rules: {
      eqeqeq: "error",
      "no-console": "off",
      // A property that is taken out to be left out.
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      // Every exported function, class, interface and type says what it is.
      "jsdoc/require-jsdoc": [
        "error",
        {
          publicOnly: true,
          require: { FunctionDeclaration: true, ClassDeclaration: true },
          contexts: ["TSInterfaceDeclaration", "TSTypeAliasDeclaration"],
        },
      ],
      "jsdoc/no-types": "error",
    },
  },
  {
    files: ["grafana-plugin/{src,preview/page}/**"],
    plugins: { "react-hooks": reactHooks },
    languageOptions: { globals: globals.browser },
    rules: reactHooks.configs.recommended.rules,
  },
  { files: ["exporter/page/**"], languageOptions: { globals: globals.browser } },
  ...directions,
  {
    files: ["**/*.test.{ts,tsx}"],
    rules: {
      "jsdoc/require-jsdoc": "off",
      "no-restricted-syntax": [
        "error",
        ...[
          "CallExpression[arguments.1.type=/Function/][arguments.2.value<300000]",
          "CallExpression[callee.name=/^(before|after)(Each|All)$/][arguments.1.value<300000]",
        ].map((selector) => ({
          selector,
          message:
            "A time-out is a guard against hanging: leave it to testTimeout of jest.config.js.",
        })),
      ],
    },
  },
);
