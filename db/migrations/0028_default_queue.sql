-- Where tickets land that nothing routes elsewhere. Set for every organisation once it has a queue.
alter table tenants add column default_queue_id uuid,
  add foreign key (id, default_queue_id) references queues (tenant_id, id);

-- Existing organisations get the queue they began with, else their oldest, else a new one. The owner is under row
-- security too, so it is lifted for this; without a tenant every organisation's configuration counts as changed.
alter table tenants no force row level security;
alter table queues no force row level security;
insert into queues (tenant_id, name, description)
  select t.id, 'Service desk', 'Where requests arrive unless they are routed elsewhere' from tenants t
  where not exists (select from queues q where q.tenant_id = t.id and q.archived_at is null)
  on conflict (tenant_id, name_key) do update set archived_at = null, version = queues.version + 1;
update tenants t set default_queue_id = (select q.id from queues q
  where q.tenant_id = t.id and q.archived_at is null order by q.name_key <> 'service desk', q.created_at, q.id limit 1);
alter table tenants force row level security;
alter table queues force row level security;
