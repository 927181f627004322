import { PanelPlugin } from "@grafana/data";
import type { LimitsPanelOptions } from "./options.ts";
import { LimitsPanel } from "./view/LimitsPanel.tsx";

export const plugin = new PanelPlugin<LimitsPanelOptions>(LimitsPanel);
