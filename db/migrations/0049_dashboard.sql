-- What the dashboard reads of the facts: open tickets by age, and when tickets were opened and ended. Small and complete,
-- so that nothing else is read.
create index report_stays_open on report_stays (tenant_id, created_at)
  where kind = 'status' and to_at = 'infinity';
create index report_stays_opened on report_stays (tenant_id, from_at)
  where kind = 'status' and began in ('created', 'reopened');
create index report_stays_ended on report_stays (tenant_id, to_at)
  where kind = 'status' and ended in ('resolved', 'cancelled', 'closed');
