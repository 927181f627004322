import type { Fault } from "../fault.ts";

/** The exporter is started again with other settings, which are taken back at the end. */
export function exporterWith(what: string, variables: Readonly<Record<string, string>>): Fault {
  return {
    what,
    async inject(stack) {
      await stack.restartExporter(variables);
      return () => stack.restartExporter();
    },
  };
}
