-- The dashboard counts met and breached targets of two weeks: from the index alone.
drop index report_tickets_by_reply_over;
create index report_tickets_by_reply_over on report_tickets (tenant_id, reply_over_at) include (reply_outcome)
  where reply_over_at is not null;
drop index report_tickets_by_resolve_over;
create index report_tickets_by_resolve_over on report_tickets (tenant_id, resolve_over_at) include (resolve_outcome)
  where resolve_over_at is not null;
