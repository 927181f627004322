import type { DiskState } from "../snapshot/snapshot.ts";
import type { Finding } from "./finding.ts";
import { judge } from "./judge.ts";
import { byName, canBeStated, stateFinding } from "./state-finding.ts";

/** More disks than this are not told of; the fullest are. */
const MOST_DISKS = 5;

/** How full the disks are, the fullest first. */
export function diskFindings(disks: readonly DiskState[]): readonly Finding[] {
  return disks
    .map((disk) => ({ ...disk, share: disk.usedBytes / disk.totalBytes }))
    .filter(({ share, usedBytes, totalBytes }) => canBeStated(share, usedBytes, totalBytes))
    .sort((a, b) => b.share - a.share || byName(a.mount, b.mount) || b.totalBytes - a.totalBytes)
    .slice(0, MOST_DISKS)
    .map(({ mount, share, usedBytes, totalBytes }) =>
      stateFinding({
        kind: "disk",
        subject: mount,
        values: [
          { name: "used_share", value: share, unit: "ratio" },
          { name: "used", value: usedBytes, unit: "bytes" },
          { name: "total", value: totalBytes, unit: "bytes" },
        ],
        judgement: judge("machine_disk", share),
        words: {
          en: (percent, used, total) => `Disk ${mount} is ${percent} full (${used} of ${total})`,
          ja: (percent, used, total) => `ディスク ${mount} の使用率は${percent}(${total}中${used})`,
        },
      }),
    );
}
