-- A merge carries the description as a comment of the target. Undoing the merge deletes that comment, with the versions
-- that its author may have made of it: the description itself has stayed where it was.
alter table ticket_merges add column description_id uuid;
grant delete on comments, comment_versions to servicehub_app;

-- Undoing a merge deletes the comment that carried the description.
create index attachments_by_comment on attachments (tenant_id, comment_id) where comment_id is not null;
create index inbound_mails_by_comment on inbound_mails (tenant_id, comment_id) where comment_id is not null;
