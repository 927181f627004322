import type { Configuration } from "webpack";

/** What Grafana shares with its plugins at run time, so that the bundle must not hold it. */
export const externals: Configuration["externals"] = [
  // Required to find the bundle's own address.
  { "amd-module": "module" },
  "@emotion/css",
  "@emotion/react",
  "lodash",
  "moment",
  "react",
  "react/jsx-runtime",
  "react-dom",
  "rxjs",
  /^@grafana\/data/i,
  /^@grafana\/runtime/i,
  /^@grafana\/ui/i,
];
