import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Document } from "../documents.ts";
import { links, linksRow, queriesRow, scriptsRow } from "./documentation.ts";

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

const rowsOf = (text: string, online = false) => {
  const documents = [page("page.md", text), page("Other.md", OTHER)];
  return links(documents, online).rows({} as never);
};

describe("the links of the documentation", () => {
  it("lead to files, runbooks without their ending, and headings", async () => {
    const text = "# Own\n[a](Other.md) [b](Other) [c](Other.md#a-part) [d](#own) [e](.)";
    expect((await rowsOf(text))[0]).toMatchObject({ verdict: "pass", observed: "0 of 5 are dead" });
  });

  it.each(["gone.md", "Other.md#no-part", "#nowhere", "../no/such/file"])(
    "are dead when they lead to %s",
    async (target) => {
      const [row] = await rowsOf(`[x](${target})`);
      expect(row).toMatchObject({ verdict: "fail" });
      expect(row!.detail).toContain(`${target} in page.md`);
    },
  );

  it("to the web are only listed, unless they are to be asked for", async () => {
    const text = `[here](${address}/here) [gone](${address}/gone)`;
    const [, listed] = await rowsOf(text);
    expect(listed).toMatchObject({ verdict: "unknown", observed: "2 links" });
    expect(listed!.detail).toContain(`${address}/gone`);
    const [, asked] = await rowsOf(text, true);
    expect(asked).toMatchObject({ verdict: "fail" });
    expect(asked!.detail).toBe(`Correct ${address}/gone.`);
  });

  it("to the web pass when there are none", async () => {
    expect((await rowsOf("nothing"))[1]).toMatchObject({ verdict: "pass" });
  });
});

describe("the documentation", () => {
  const page = { path: "README.md", file: "/README.md", text: "`npm run load`, `npm run nothing`" };

  it("fails with dead links, commands and queries, which are named", () => {
    const dead = linksRow(5, [{ from: "README.md", target: "gone.md" }]);
    expect(dead).toMatchObject({ verdict: "fail", observed: "1 of 5 are dead" });
    expect(dead.detail).toContain("gone.md in README.md");
    expect(scriptsRow([page], new Set(["load"])).detail).toContain("npm run nothing in README.md");
    expect(queriesRow(2, ["up ==="]).verdict).toBe("fail");
  });

  it("passes otherwise", () => {
    expect(linksRow(5, []).verdict).toBe("pass");
    expect(scriptsRow([page], new Set(["load", "nothing"])).verdict).toBe("pass");
    expect(queriesRow(2, []).verdict).toBe("pass");
  });
});
