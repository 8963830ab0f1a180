import { Composer } from "@/components/Composer.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import type { Reader } from "@/domain/shared/moment.ts";
import { FileUpload } from "@/islands/FileUpload.tsx";
import { MentionBox } from "@/islands/MentionBox.tsx";
import { ReplyDraft } from "@/islands/ReplyDraft.tsx";
import { ReplyPicker } from "@/islands/ReplyPicker.tsx";
import { ReplyPreview } from "@/islands/ReplyPreview.tsx";
import type { TicketData } from "@/routes/(app)/tickets/[key]/(_data)/ticket_data.ts";

/** The reply box of a ticket with everything that helps to fill it. */
export function ReplyBox({ data, reader }: { data: TicketData; reader: Reader & { id: string } }) {
  const { ticket, may, reply, tools, preview } = data;
  const href = `/tickets/${ticket.key}`;
  const action = `${href}/composer#reply`;
  const { body, macroId, cannedReplyId, "": general } = reply.errors;
  return (
    <Composer
      action={`${href}/comments`}
      canBeInternal={may.work}
      value={reply.values.body}
      visibility={reply.values.visibility === "internal" ? "internal" : "public"}
      error={body ?? general ?? macroId ?? cannedReplyId}
      files={
        <FileUpload
          mostMib={data.mostMib}
          kept={data.kept}
          error={reply.errors.file ?? reply.errors.attachmentIds}
        />
      }
      under={
        <>
          <MentionBox ticketId={ticket.id} />
          <ReplyPreview ticketId={ticket.id} shown={preview} />
        </>
      }
      tools={
        <>
          {tools && (
            <ReplyPicker
              kind="canned"
              items={tools.canned.map(({ id, title, shared }) => ({
                id,
                title,
                text: shared ? "" : "Only you",
              }))}
              more={tools.more}
              facts={tools.facts}
              action={action}
            />
          )}
          {tools && (
            <ReplyPicker
              kind="macro"
              items={tools.macros.map(({ id, name, steps }) => ({
                id,
                title: name,
                text: steps.join(" · "),
              }))}
              action={`${href}/composer#macro`}
            />
          )}
          <button
            class="button button-quiet button-sm"
            type="submit"
            name="preview"
            value="1"
            formAction={action}
            formenctype="application/x-www-form-urlencoded"
            formNoValidate
          >
            Preview
          </button>
        </>
      }
    >
      <ReplyDraft name={`${reader.id}:${ticket.id}`} />
      <HiddenFields form={reply} once />
    </Composer>
  );
}
