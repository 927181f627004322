import { createParser } from "eventsource-parser";

/** One server-sent event with a JSON value. */
export interface ServerEvent {
  readonly event: string;
  readonly data: unknown;
}

/** All events of a response, once it has ended. */
export async function readEvents(response: Response): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  const parser = createParser({
    onEvent: ({ event = "", data }) => events.push({ event, data: JSON.parse(data) as unknown }),
  });
  parser.feed(await response.text());
  return events;
}
