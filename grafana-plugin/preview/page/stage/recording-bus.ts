import { EventBusSrv, type BusEvent } from "@grafana/data";

/** A published event without the frames it refers to, so that it can leave the page as JSON. */
export interface RecordedEvent {
  readonly type: string;
  readonly payload: unknown;
}

/** An event bus that keeps a list of what was published on it. */
export class RecordingBus extends EventBusSrv {
  readonly events: RecordedEvent[] = [];

  override publish<T extends BusEvent>(event: T): void {
    this.events.push({ type: event.type, payload: withoutFrames(event.payload) });
    super.publish(event);
  }
}

function withoutFrames(payload: unknown): unknown {
  if (payload === null || typeof payload !== "object") return payload;
  const { data: _data, ...rest } = payload as Record<string, unknown>;
  return JSON.parse(JSON.stringify(rest)) as unknown;
}
