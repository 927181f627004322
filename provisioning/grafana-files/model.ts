import type { QueryVariableBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { labelVariable } from "./label-variable.ts";

/** Matcher for the chat models that the dashboard's variable `model` names. */
export const MODEL = 'gen_ai_request_model=~"$model"';

/** The variable `model`: one, some or all chat models, found by their `headroom_model_info`. */
export function modelVariable(): QueryVariableBuilder {
  return labelVariable({
    name: "model",
    label: "Chat model",
    description: "The models that phrase status answers.",
    query: 'label_values(headroom_model_info{task="status"}, model)',
  });
}
