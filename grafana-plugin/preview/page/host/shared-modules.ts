import * as emotionCss from "@emotion/css";
import * as emotionReact from "@emotion/react";
import * as grafanaData from "@grafana/data";
import * as grafanaRuntime from "@grafana/runtime";
import * as grafanaUi from "@grafana/ui";
import lodash from "lodash";
import moment from "moment";
import react from "react";
import reactDom from "react-dom";
import * as reactJsx from "react/jsx-runtime";
import * as rxjs from "rxjs";
import { PanelDataError } from "../panels/NoData.tsx";
import "systemjs/dist/system.js";
import "systemjs/dist/extras/amd.js";

/** What Grafana shares with its plugins, so that both have one React and one theme. */
const SHARED: Readonly<Record<string, object>> = {
  "@emotion/css": emotionCss,
  "@emotion/react": emotionReact,
  "@grafana/data": grafanaData,
  // In Grafana its application gives the runtime this view.
  "@grafana/runtime": { ...grafanaRuntime, PanelDataErrorView: PanelDataError },
  "@grafana/ui": grafanaUi,
  lodash,
  moment,
  react,
  "react-dom": reactDom,
  "react/jsx-runtime": reactJsx,
  rxjs,
};

/** CommonJS modules: an AMD plugin gets what they export, not a namespace around it. */
const COMMON_JS = new Set(["lodash", "moment", "react", "react-dom"]);

/** Gives SystemJS the modules that a plugin's bundle asks for by name. */
export function shareModules(): void {
  const imports: Record<string, string> = {};
  for (const [name, module] of Object.entries(SHARED)) {
    imports[name] = `preview:${name}`;
    System.set(
      `preview:${name}`,
      COMMON_JS.has(name)
        ? { default: module, __useDefault: true }
        : // Namespaces say that they are ES modules, as bundlers want it of their externals.
          { ...module, __esModule: true },
    );
  }
  System.addImportMap({ imports });
}
