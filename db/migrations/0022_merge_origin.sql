-- Which merge brought a watcher or a tag to a ticket: undoing the merge removes exactly those. Null for what came by
-- itself, before or after.
alter table ticket_participants add column merged_from uuid,
  add foreign key (tenant_id, merged_from) references tickets (tenant_id, id);
alter table ticket_tags add column merged_from uuid,
  add foreign key (tenant_id, merged_from) references tickets (tenant_id, id);
grant update (merged_from) on ticket_tags to servicehub_app;

-- Merges that can still be undone. The owner is under row security too, so it is lifted for these updates.
alter table ticket_merges no force row level security;
alter table ticket_participants no force row level security;
alter table ticket_tags no force row level security;
update ticket_participants p set merged_from = m.source_id from ticket_merges m
where m.tenant_id = p.tenant_id and m.target_id = p.ticket_id and p.user_id = any(m.watcher_ids) and p.kind = 'watcher'
  and m.undone_at is null and m.created_at > now() - interval '24 hours';
update ticket_tags g set merged_from = m.source_id from ticket_merges m
where m.tenant_id = g.tenant_id and m.target_id = g.ticket_id and g.tag = any(m.tags)
  and m.undone_at is null and m.created_at > now() - interval '24 hours';
alter table ticket_merges force row level security;
alter table ticket_participants force row level security;
alter table ticket_tags force row level security;
