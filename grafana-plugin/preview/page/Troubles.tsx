import { dateTimeFormat } from "@grafana/data";
import { Alert } from "@grafana/ui";
import { useEffect, useState } from "react";
import { ask, type Trouble } from "./server-api.ts";

const LOOK_MS = 2_000;

/** A part that came back quickly is told of for so long, or nobody would know. */
const TOLD_MS = 30_000;

/** Says which parts of the run are not there, and which are back. */
export function Troubles({ timeZone }: { timeZone: string }) {
  const [known, setKnown] = useState<readonly Trouble[]>([]);
  const [silent, setSilent] = useState(false);
  useEffect(() => {
    const look = () => {
      if (document.hidden) return;
      ask<readonly Trouble[]>("/troubles").then(
        (troubles) => {
          setSilent(false);
          setKnown(troubles.filter(({ until = Infinity }) => until > Date.now() - TOLD_MS));
        },
        () => setSilent(true),
      );
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <>
      {silent && (
        <Alert severity="error" title="The server of this page does not answer">
          Asking again every few seconds. What is shown below is what was known last.
        </Alert>
      )}
      {known.map(({ part, since, until, why }) => (
        <Alert
          key={part}
          severity={until === undefined ? "warning" : "success"}
          title={
            until === undefined
              ? `${part} is down and is started again`
              : `${part} is back after ${((until - since) / 1000).toFixed(1)} s`
          }
        >
          Down since {dateTimeFormat(since, { timeZone, format: "HH:mm:ss" })}: {why}
        </Alert>
      ))}
    </>
  );
}
