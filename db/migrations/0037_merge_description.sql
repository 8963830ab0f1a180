-- A merge carries the description as a comment of the target. Undoing the merge deletes that comment, with the versions
-- that its author may have made of it: the description itself has stayed where it was.
alter table ticket_merges add column description_id uuid;
grant delete on comments, comment_versions to servicehub_app;
