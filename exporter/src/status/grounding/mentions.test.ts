import { describe, expect, it } from "@jest/globals";
import type { Finding } from "../findings/finding.ts";
import type { Language } from "../../language.ts";
import * as example from "../testing/example-findings.ts";
import { mentionsIn } from "./mentions.ts";

const { DATA_DISK, FREE_MEMORY, IDLE_CPU, INTERFACE, NODE_CPU, NODE_MEMORY, ROOT_DISK } = example;
const ALL = [...example.OK_FINDINGS, DATA_DISK];

/** What is spoken of where: the words, and a star when they are a name. */
function read(text: string, findings: readonly Finding[] = ALL, language: Language = "en") {
  return mentionsIn(text, findings, language).map(
    ({ index, length, named }) => text.slice(index, index + length) + (named ? "*" : ""),
  );
}

const called = (subject: string): Finding => ({ ...ROOT_DISK, subject });

describe("the places where a text speaks of findings", () => {
  it.each<[string, readonly string[]]>([
    ["The CPU and memory are fine.", ["CPU", "memory"]],
    ["Disk /data2 is full.", ["Disk", "/data2*"]],
    ["Disk / is fine.", ["Disk", "/*"]],
    ["The machine has been up for 3 days.", ["been up"]],
    ["eth0: quiet.", ["eth0*"]],
    ["Nothing is wrong.", []],
    ["The battery is fine.", []],
  ])("in %j are %j", (text, words) => {
    expect(read(text)).toEqual(words);
  });

  it.each<[string, readonly string[]]>([
    ["CPU使用率は23%です。", ["CPU"]],
    ["ディスク/data2は満杯です。", ["ディスク", "/data2*"]],
    ["プロセスnodeが動いています。", ["プロセス", "node*"]],
  ])("in Japanese, where particles follow a name: %j", (text, words) => {
    expect(read(text, ALL, "ja")).toEqual(words);
  });

  it("are no names inside longer ones", () => {
    expect(read("Disk /data2/old and nodes, eth01.", ALL)).toEqual(["Disk"]);
  });

  it("are names also at the end of a sentence", () => {
    expect(read("It is /data2. Then eth0.", ALL)).toEqual(["/data2*", "eth0*"]);
    expect(read("It is /data2.old.", ALL)).toEqual([]);
  });

  it("are names and not words where a name holds a word", () => {
    const disk = called("/Volumes/memory load");
    expect(read("Disk /Volumes/memory load is full.", [disk, FREE_MEMORY])).toEqual([
      "Disk",
      "/Volumes/memory load*",
    ]);
  });

  it("are found by names that mean something in a pattern", () => {
    const disk = called("/a (b) [c]+$");
    expect(read("Disk /a (b) [c]+$ is full.", [disk])).toEqual(["Disk", "/a (b) [c]+$*"]);
  });

  it("are found by names that macOS writes in decomposed letters", () => {
    const disk = called("/Volumes/\u30c6\u3099\u30fc\u30bf");
    expect(read("ディスク/Volumes/\u30c7\u30fc\u30bfは満杯です。", [disk], "ja")).toEqual([
      "ディスク",
      "/Volumes/\u30c7\u30fc\u30bf*",
    ]);
  });

  it("mean every finding that has the name, or that the word can mean", () => {
    const [process, node] = mentionsIn("Process node", ALL, "en");
    expect(node!.findings).toEqual([NODE_CPU, NODE_MEMORY]);
    expect(process!.findings).toEqual(expect.arrayContaining([NODE_CPU, NODE_MEMORY]));
    expect(mentionsIn("the disk", [ROOT_DISK], "en")[0]!.findings).toEqual([ROOT_DISK]);
  });

  it("mean nothing when a kind has several resources and none is named", () => {
    expect(mentionsIn("the disk", [ROOT_DISK, DATA_DISK], "en")[0]!.findings).toEqual([]);
  });

  it("do not speak of a kind that there is no finding about", () => {
    expect(read("The network and the CPU", [IDLE_CPU])).toEqual(["CPU"]);
    expect(read("The network and the CPU", [IDLE_CPU, INTERFACE])).toEqual(["network", "CPU"]);
  });
});
