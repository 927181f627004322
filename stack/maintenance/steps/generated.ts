import { join } from "node:path";
import { differences } from "@headroom/provisioning/differences";
import { generatedFiles, REFERENCE_SETTINGS } from "@headroom/provisioning/generated-files";
import { ROOT } from "../../places.ts";
import { checkedRow } from "../row.ts";
import type { Step } from "../step.ts";

/** Whether the files of provisioning/ are those that alerts/ gives. */
export const generated: Step = {
  id: "generated",
  title: "Generated files are those of alerts/",
  async rows() {
    const files = generatedFiles(REFERENCE_SETTINGS);
    const found = await differences(join(ROOT, "provisioning"), files);
    const observed =
      found.length === 0 ? `${files.size} files, all alike` : `${found.length} differ`;
    return [
      checkedRow(
        { id: generated.id, title: generated.title, observed, limit: "no difference" },
        found.length === 0,
        {
          detail: `Run \`npm run generate\`: ${found.map(({ path, kind }) => `${path} ${kind}`).join(", ")}.`,
        },
      ),
    ];
  },
};
