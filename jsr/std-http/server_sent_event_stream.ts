/**
 * Writes server-sent events as the HTML standard's event stream format
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 * @module
 */

/** One block of an event stream; every field is optional. */
export interface ServerSentEventMessage {
  /** Text that clients ignore, good for heartbeats. May have several lines. */
  comment?: string;
  /** Name of the event; clients take "message" without one. One line. */
  event?: string;
  /** The payload. May have several lines. */
  data?: string;
  /** What the client sends back as `Last-Event-ID`. One line. */
  id?: string | number;
  /** Milliseconds the client waits before it connects again. */
  retry?: number;
}

const LINE_BREAK = /\r\n|\r|\n/;

/**
 * Turns messages into the UTF-8 bytes of an event stream, each ended by an empty line.
 * The stream errors with a `SyntaxError` when `event` or `id` has a line break, which would forge another field.
 */
export class ServerSentEventStream extends TransformStream<ServerSentEventMessage, Uint8Array> {
  constructor() {
    const utf8 = new TextEncoder();
    super({
      transform(message, controller) {
        controller.enqueue(utf8.encode(format(message)));
      },
    });
  }
}

function format(message: ServerSentEventMessage): string {
  const { comment, event, data, id, retry } = message;
  const lines = [
    ...fieldLines("", comment),
    ...fieldLines("event", oneLine("event", event)),
    ...fieldLines("data", data),
    ...fieldLines("id", oneLine("id", id)),
    ...fieldLines("retry", retry),
  ];
  return `${lines.join("\n")}\n\n`;
}

function fieldLines(
  field: string,
  value: string | number | undefined,
): string[] {
  return value === undefined ? [] : String(value).split(LINE_BREAK).map((line) => `${field}:${line}`);
}

function oneLine(
  field: string,
  value: string | number | undefined,
): string | number | undefined {
  if (value !== undefined && LINE_BREAK.test(String(value))) {
    throw new SyntaxError(
      `Cannot serialize message: \`message.${field}\` cannot contain a newline`,
    );
  }
  return value;
}
