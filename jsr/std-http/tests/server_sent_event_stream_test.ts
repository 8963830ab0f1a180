import assert from "node:assert/strict";
import { type ServerSentEventMessage, ServerSentEventStream } from "@std/http/server-sent-event-stream";

function written(...messages: ServerSentEventMessage[]): Promise<string> {
  return new Response(
    ReadableStream.from(messages).pipeThrough(new ServerSentEventStream()),
  ).text();
}

const cases: { name: string; message: ServerSentEventMessage; text: string }[] = [
  { name: "a comment", message: { comment: "a" }, text: ":a\n\n" },
  {
    name: "a comment of several lines",
    message: { comment: "a\nb\r\nc" },
    text: ":a\n:b\n:c\n\n",
  },
  { name: "an empty comment", message: { comment: "" }, text: ":\n\n" },
  { name: "an event", message: { event: "a" }, text: "event:a\n\n" },
  { name: "data", message: { data: "a" }, text: "data:a\n\n" },
  {
    name: "data of several lines",
    message: { data: "a\rb\nc\r\nd" },
    text: "data:a\ndata:b\ndata:c\ndata:d\n\n",
  },
  { name: "an id that is text", message: { id: "a" }, text: "id:a\n\n" },
  { name: "an id that is a number", message: { id: 0 }, text: "id:0\n\n" },
  { name: "a retry time", message: { retry: 123 }, text: "retry:123\n\n" },
  {
    name: "all fields",
    message: { retry: 4, id: "3", data: "é", event: "2", comment: "1" },
    text: ":1\nevent:2\ndata:é\nid:3\nretry:4\n\n",
  },
];
for (const { name, message, text } of cases) {
  Deno.test(`ServerSentEventStream writes ${name}`, async () => {
    assert.equal(await written(message), text);
  });
}

Deno.test("ServerSentEventStream ends each message with an empty line", async () => {
  assert.equal(
    await written({ data: "1" }, { data: "2" }),
    "data:1\n\ndata:2\n\n",
  );
});

for (
  const message of [{ event: "a\ndata:forged" }, { id: "a\rb" }, { id: "\r\n" }]
) {
  Deno.test(`ServerSentEventStream refuses a line break in ${JSON.stringify(message)}`, async () => {
    await assert.rejects(() => written(message), SyntaxError);
  });
}

Deno.test("ServerSentEventStream doesn't change the message it is given", async () => {
  const message = Object.freeze({ data: "a\nb", id: 1 });
  await written(message);
  assert.deepEqual(message, { data: "a\nb", id: 1 });
});
