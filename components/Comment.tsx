import { Avatar } from "./Avatar.tsx";
import { Badge } from "./Badge.tsx";
import { ButtonLink } from "./Button.tsx";
import { FileList, type FileView } from "./FileList.tsx";
import { Icon } from "./Icon.tsx";
import { Time } from "./Time.tsx";
import type { Moment, Person } from "./types.ts";

/** A comment. `html` must come sanitised from the server's Markdown renderer; it is written as is. */
export interface CommentData {
  id: string;
  author: Person;
  /** Beside the name: "Requester", "Agent". */
  role?: string | undefined;
  visibility: "public" | "internal";
  at: Moment;
  edited?: boolean | undefined;
  html: string;
  /** Set for a comment that came by email. */
  via?: "email" | "email_unverified" | null | undefined;
  /** What that email quotes, as plain text. */
  quoted?: string | undefined;
  links?: CommentLinks | undefined;
  files?: FileView[] | undefined;
}

/** Where a comment's actions lead; the person can't do the others. */
export interface CommentLinks {
  quote?: string | undefined;
  edit?: string | undefined;
  history?: string | undefined;
}

/** A comment; an internal note differs by words, icon and colours. */
export function CommentItem({ comment }: { comment: CommentData }) {
  const internal = comment.visibility === "internal";
  return (
    <li class="entry" id={`comment-${comment.id}`} data-author={comment.author.id}>
      <Avatar person={comment.author} />
      <article class={internal ? "comment comment-internal" : "comment"}>
        <header class="comment-head">
          <span class="comment-author">{comment.author.name}</span>
          {comment.author.address && <span>{comment.author.address}</span>}
          {comment.role && <Badge>{comment.role}</Badge>}
          {internal && (
            <span class="internal-flag">
              <Icon name="eyeOff" size="sm" />Internal note
            </span>
          )}
          {comment.via && <ByMail verified={comment.via === "email"} />}
          <span class="comment-when">
            <Time at={comment.at} />
            {comment.edited && <Edited href={comment.links?.history} />}
            <CommentActions name={comment.author.name} {...comment.links} />
          </span>
        </header>
        {/* deno-lint-ignore react-no-danger */}
        <div class="comment-body prose" dangerouslySetInnerHTML={{ __html: comment.html }} />
        {comment.quoted && (
          <details class="comment-quoted">
            <summary>Show quoted text</summary>
            <pre>{comment.quoted}</pre>
          </details>
        )}
        {comment.files && <FileList files={comment.files} />}
      </article>
    </li>
  );
}

function ByMail({ verified }: { verified: boolean }) {
  return (
    <span class={verified ? "by-mail" : "by-mail by-mail-unverified"}>
      <Icon name="mail" size="sm" />
      {verified ? "By email" : "By email, sender not verified"}
    </span>
  );
}

function Edited({ href }: { href?: string | undefined }) {
  return href ? <a class="comment-link" href={href}>edited</a> : <span>edited</span>;
}

function CommentActions({ name, quote, edit }: CommentLinks & { name: string }) {
  return (
    <span class="comment-actions">
      {edit && <ButtonLink href={edit} variant="quiet" size="sm" icon="edit" label="Edit your comment" />}
      {quote && <ButtonLink href={quote} variant="quiet" size="sm" icon="quote" label={`Quote ${name}`} />}
    </span>
  );
}
