import { Button } from "@/components/Button.tsx";
import { FileLink } from "@/components/FileList.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import { Icon } from "@/components/Icon.tsx";
import { SidePanel } from "@/components/PropertyList.tsx";
import type { Attachment } from "@/domain/attachments/types.ts";
import { Time } from "@/components/Time.tsx";
import { FileUpload } from "@/islands/FileUpload.tsx";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import type { TicketData } from "@/routes/(app)/tickets/[key]/(_data)/ticket_data.ts";

/** Every file of a ticket and who added it. */
export function FilesPanel({ data, reader }: {
  data: TicketData;
  reader: Reader & { id: string };
}) {
  const { files, may, now, ticket, attach } = data;
  if (ticket.mergedAt !== null && files.length === 0) return null;
  return (
    <SidePanel
      title={files.length > 0 ? `Files (${files.length})` : "Files"}
      open={attach.refusal !== undefined}
    >
      <ul class="file-rows">
        {files.map((file) => (
          <li key={file.id} class="file-row">
            <FileLink file={file} />
            <span class="file-facts">
              {file.visibility === "internal" && <Icon name="eyeOff" size="sm" label="Internal" />}
              <span>{file.uploader.name}</span>
              <Time at={moment(file.createdAt, reader, now)} />
            </span>
            {(may.work || file.uploader.id === reader.id) && <Deletion file={file} />}
          </li>
        ))}
      </ul>
      {ticket.mergedAt === null && (
        <form
          class="form file-form"
          method="post"
          action={`/tickets/${ticket.key}/attachments`}
          encType="multipart/form-data"
        >
          <HiddenFields form={attach} once />
          <FileUpload mostMib={data.mostMib} error={attach.errors.file ?? attach.errors.attachmentIds} />
          <Button size="sm">Add files</Button>
        </form>
      )}
    </SidePanel>
  );
}

function Deletion({ file }: { file: Attachment }) {
  return (
    <details class="menu">
      <summary
        class="button button-quiet button-sm button-icon"
        aria-label={`Delete ${file.name}`}
        title="Delete"
      >
        <Icon name="trash" size="sm" />
      </summary>
      <form
        class="menu-panel menu-panel-end menu-form"
        method="post"
        action={`/attachments/${file.id}/deletion`}
      >
        <p>Delete “{file.name}” for everyone? This can't be undone.</p>
        <Button variant="danger" size="sm">Delete file</Button>
      </form>
    </details>
  );
}
