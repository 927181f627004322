import { expect, it } from "@jest/globals";
import { PROBLEMS } from "@headroom/exporter/errors";
import { storageProblem } from "./storage-problem.ts";

const failed = (code: string) => storageProblem(Object.assign(new Error(code), { code }));

it("a disk without room is told apart from a folder that cannot be written; both are sent again", () => {
  for (const code of ["ENOSPC", "EDQUOT", "EFBIG"]) expect(failed(code).code).toBe("storage_full");
  for (const code of ["EROFS", "EACCES", "EIO"]) expect(failed(code).code).toBe("storage_failed");
  expect([PROBLEMS.storage_full.status, PROBLEMS.storage_failed.status]).toEqual([507, 500]);
});
