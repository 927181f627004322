import { Alert, LoadingPlaceholder } from "@grafana/ui";
import { useCallback, useEffect, useState } from "react";
import { setGlobalTheme } from "../host/prepare.ts";
import { Root } from "../host/Root.tsx";
import type { ThemeName } from "../host/themes.ts";
import { DashboardView } from "./DashboardView.tsx";
import { fetchDashboard, fetchDashboards, type DashboardList } from "./preview-api.ts";
import type { Dashboard } from "./schema.ts";
import { readUrl, writeUrl, type UrlState } from "./url-state.ts";

/** The page: one dashboard of the folder, as the address says. */
export function App() {
  const [url, setUrl] = useState(() => readUrl(location.search));
  const change = useCallback((part: Partial<UrlState>) => {
    setUrl((old) => {
      const next = { ...old, ...part };
      history.replaceState(undefined, "", `${location.pathname}${writeUrl(next)}`);
      return next;
    });
  }, []);
  useEffect(() => {
    const read = () => setUrl(readUrl(location.search));
    addEventListener("popstate", read);
    return () => removeEventListener("popstate", read);
  }, []);
  const theme = url.theme ?? preferredTheme();
  setGlobalTheme(theme);
  return (
    <Root theme={theme}>
      <Chosen url={url} onUrl={change} theme={theme} />
    </Root>
  );
}

interface Loaded {
  readonly list: DashboardList;
  readonly dashboard: Dashboard;
}

function Chosen(props: {
  url: UrlState;
  onUrl: (change: Partial<UrlState>) => void;
  theme: ThemeName;
}) {
  const { dashboard: uid } = props.url;
  const [state, setState] = useState<Loaded | { readonly problem: string } | undefined>();
  useEffect(() => {
    let current = true;
    load(uid).then(
      (loaded) => current && setState(loaded),
      (error: Error) => current && setState({ problem: error.message }),
    );
    return () => {
      current = false;
    };
  }, [uid]);
  const title = state && "dashboard" in state ? state.dashboard.title : "Dashboards";
  useEffect(() => {
    document.title = `${title} (preview)`;
  }, [title]);
  if (!state) return <LoadingPlaceholder text="Loading the dashboards" />;
  if ("problem" in state) {
    return <Alert severity="error" title={state.problem} />;
  }
  return <DashboardView key={state.dashboard.uid} {...props} {...state} />;
}

async function load(uid: string | undefined): Promise<Loaded> {
  const list = await fetchDashboards();
  const chosen = uid ?? list.dashboards[0]?.uid;
  if (chosen === undefined) throw new Error("The folder holds no dashboard.");
  return { list, dashboard: await fetchDashboard(chosen) };
}

function preferredTheme(): ThemeName {
  return matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
}
