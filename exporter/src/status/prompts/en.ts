import type { Instructions } from "./instructions.ts";

/**
 * Instructions in English. The examples are about things that no snapshot holds, so that figures
 * copied from them are noticed.
 */
export const ENGLISH: Instructions = {
  system:
    "You write one short report about a computer. You only repeat the facts that you are given. " +
    "Keep every number and every name as it is. Say nothing else.",
  question: "Question",
  facts: "Facts",
  verdict: "Verdict",
  examples: [
    {
      ask:
        "Question: How is the printer?\nFacts:\n" +
        "- The toner is at 64 %.\n- The tray holds 120 sheets.\n" +
        "Verdict: OK: nothing is at a limit.",
      answer: "OK: nothing is at a limit. The toner is at 64 %, and the tray holds 120 sheets.",
    },
    {
      ask:
        "Question: How is the printer?\nFacts:\n" +
        "- The toner is at 3 %, below 5 %.\n- Tray left-1 holds 80 sheets.\n" +
        "- Tray right-2 holds 500 sheets.\nVerdict: CRITICAL because of the toner.",
      answer:
        "CRITICAL because of the toner. The toner is at 3 %, below 5 %. " +
        "Tray left-1 holds 80 sheets, and tray right-2 holds 500 sheets.",
    },
  ],
};
