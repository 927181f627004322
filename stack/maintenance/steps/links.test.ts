import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Document } from "../documents.ts";
import { links } from "./links.ts";

const OTHER = "# Other\n\n## A part\n";

let folder: string;
let server: Server;
let address: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-links-"));
  await writeFile(join(folder, "Other.md"), OTHER);
  await writeFile(join(folder, "page.md"), "");
  server = createServer((request, response) => {
    response.statusCode = request.url === "/here" ? 200 : 404;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

const page = (path: string, text: string): Document => ({ path, file: join(folder, path), text });

const judged = (text: string, online = false) => {
  const documents = [page("page.md", text), page("Other.md", OTHER)];
  return links(documents, online).rows({} as never);
};

describe("the links of the documentation", () => {
  it("lead to files, runbooks without their ending, and headings", async () => {
    const text = "# Own\n[a](Other.md) [b](Other) [c](Other.md#a-part) [d](#own) [e](.)";
    expect((await judged(text))[0]).toMatchObject({ verdict: "pass", observed: "0 of 5 are dead" });
  });

  it.each(["gone.md", "Other.md#no-part", "#nowhere", "../no/such/file"])(
    "are dead when they lead to %s",
    async (target) => {
      const [row] = await judged(`[x](${target})`);
      expect(row).toMatchObject({ verdict: "fail" });
      expect(row!.detail).toContain(`${target} in page.md`);
    },
  );

  it("to the web are only listed, unless they are to be asked for", async () => {
    const text = `[here](${address}/here) [gone](${address}/gone)`;
    const [, listed] = await judged(text);
    expect(listed).toMatchObject({ verdict: "unknown", observed: "2 links" });
    expect(listed!.detail).toContain(`${address}/gone`);
    const [, asked] = await judged(text, true);
    expect(asked).toMatchObject({ verdict: "fail" });
    expect(asked!.detail).toBe(`Correct ${address}/gone.`);
  });

  it("to the web pass when there are none", async () => {
    expect((await judged("nothing"))[1]).toMatchObject({ verdict: "pass" });
  });
});
