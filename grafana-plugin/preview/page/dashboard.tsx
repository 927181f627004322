/** The dashboard page. */
import "./host/boot.ts";
import "./page.css";
import { createRoot } from "react-dom/client";
import { App } from "./dashboard/App.tsx";
import { replaceOnPage, urlRange, urlVariables } from "./host/page-values.ts";
import { prepareHost } from "./host/prepare.ts";

await prepareHost({
  variables: urlVariables,
  range: urlRange,
  replace: (text = "", scoped, format) => replaceOnPage(text, scoped, format),
});
createRoot(document.getElementById("root")!).render(<App />);
