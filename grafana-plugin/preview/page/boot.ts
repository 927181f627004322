/*
 * What Grafana's packages look for while they are loaded, so this comes before them: the boot data,
 * the address of icons, and the nonce without which the content security policy refuses styles.
 */
import { cache } from "@emotion/css";

const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce;
if (nonce) cache.sheet.nonce = nonce;

Object.assign(window, {
  __grafana_public_path__: "/public/",
  grafanaBootData: {
    assets: { dark: "", light: "" },
    settings: { appSubUrl: "", buildInfo: { version: "13.1.1", commit: "", env: "production" } },
    user: { timezone: "browser", locale: "en-US", language: "en-US" },
    navTree: [],
  },
  // Otherwise zod tries whether it may compile functions, which the policy refuses and reports.
  __zod_globalConfig: { jitless: true },
});
