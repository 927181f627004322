import { dateTimeFormat } from "@grafana/data";
import { Alert } from "@grafana/ui";
import { useEffect, useState } from "react";
import { fetchTroubles, type Trouble } from "./preview-api.ts";

const LOOK_MS = 2_000;

/** Says which parts of the run are not there now, for as long as they are not. */
export function Troubles({ timeZone }: { timeZone: string }) {
  const [known, setKnown] = useState<readonly Trouble[]>([]);
  const [silent, setSilent] = useState(false);
  useEffect(() => {
    let current = true;
    const look = () => {
      if (document.hidden) return;
      fetchTroubles().then(
        (troubles) => {
          if (!current) return;
          setSilent(false);
          // Most looks bring nothing new, and then nothing is drawn.
          setKnown((old) =>
            JSON.stringify(old) === JSON.stringify(troubles) ? old : [...troubles],
          );
        },
        () => current && setSilent(true),
      );
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, []);
  return (
    <>
      {silent && (
        <Alert severity="error" title="The server of this page does not answer">
          Asking again every few seconds. What is shown below is what was known last.
        </Alert>
      )}
      {known.map(({ part, since, why }) => (
        <Alert key={part} severity="warning" title={`${part} is down and is started again`}>
          Since {dateTimeFormat(since, { timeZone, format: "HH:mm:ss" })}: {why}
        </Alert>
      ))}
    </>
  );
}
