import { HeadroomError } from "@headroom/exporter/errors";

/** System codes of a disk or a quota that has no room left. */
const FULL: readonly string[] = ["ENOSPC", "EDQUOT", "EFBIG"];

/**
 * What a client sees when incidents cannot be written: an answer of the 500s, after which
 * Alertmanager and Grafana send the notification again.
 */
export function storageProblem(error: unknown): HeadroomError {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined && FULL.includes(code)) {
    return new HeadroomError(
      "storage_full",
      "There is no room left where incidents are kept, so the notification is not recorded. " +
        "Free space on the disk of HEADROOM_INCIDENTS_FOLDER, or name another folder; then send it again.",
      { cause: error, members: { reason: code } },
    );
  }
  return new HeadroomError(
    "storage_failed",
    "The folder of incidents cannot be used, so the notification is not recorded. Check that " +
      "HEADROOM_INCIDENTS_FOLDER names a folder that may be written; then send it again.",
    { cause: error, members: { reason: code } },
  );
}
