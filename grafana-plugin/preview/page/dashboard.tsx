/** The page that `npm start` opens: one dashboard of the folder, as the address says. */
import "./boot.ts";
import "./page.css";
import { Alert, LoadingPlaceholder } from "@grafana/ui";
import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { useAddress } from "./address.ts";
import { DashboardView } from "./DashboardView.tsx";
import { prepareHost, Root } from "./host.tsx";
import { ask, type Dashboard, type DashboardList } from "./server-api.ts";

await prepareHost();
const prefersLight = matchMedia("(prefers-color-scheme: light)");
createRoot(document.getElementById("root")!).render(<App />);

interface Loaded {
  readonly list: DashboardList;
  readonly dashboard: Dashboard;
}

function App() {
  const [url, change] = useAddress();
  const shown = useDashboard(url.dashboard);
  const title = shown && "dashboard" in shown ? shown.dashboard.title : "Dashboards";
  useEffect(() => {
    document.title = `${title} (preview)`;
  }, [title]);
  const own = prefersLight.matches ? "light" : "dark";
  const theme = url.theme === "light" || url.theme === "dark" ? url.theme : own;
  return (
    <Root theme={theme}>
      {!shown && <LoadingPlaceholder text="Loading the dashboards" />}
      {shown instanceof Error && <Alert severity="error" title={shown.message} />}
      {shown && "dashboard" in shown && (
        <DashboardView key={shown.dashboard.uid} {...shown} {...{ url, theme }} onUrl={change} />
      )}
    </Root>
  );
}

/** The dashboard with that uid, or the folder's first one; undefined until it has come. */
function useDashboard(uid: string | undefined): Loaded | Error | undefined {
  const [shown, setShown] = useState<Loaded | Error>();
  useEffect(() => {
    let current = true;
    load(uid).then(
      (loaded) => current && setShown(loaded),
      (error: Error) => current && setShown(error),
    );
    return () => {
      current = false;
    };
  }, [uid]);
  return shown;
}

async function load(uid: string | undefined): Promise<Loaded> {
  const list = await ask<DashboardList>("/dashboards");
  const chosen = uid ?? list.dashboards[0]?.uid;
  if (chosen === undefined) throw new Error("The folder holds no dashboard.");
  return { list, dashboard: await ask(`/dashboards/${encodeURIComponent(chosen)}`) };
}
