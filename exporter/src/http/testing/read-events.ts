/** One server-sent event with a JSON value. */
export interface ServerEvent {
  readonly event: string;
  readonly data: unknown;
}

/** All events of a response, once it has ended. */
export async function readEvents(response: Response): Promise<ServerEvent[]> {
  const text = await response.text();
  return text
    .split("\n\n")
    .filter((block) => block !== "")
    .map((block) => {
      const [, event = "", data = ""] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
      return { event, data: JSON.parse(data) as unknown };
    });
}
