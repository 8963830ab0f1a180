-- What people are told of in the product itself. The mails of the same events are in the outbox.

create table notifications (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  user_id uuid not null,
  kind text not null,
  ticket_id uuid,
  -- Null where the desk itself did it.
  actor_id uuid,
  -- Only staff may read it.
  internal boolean not null default false,
  payload jsonb not null default '{}',
  read_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references users (tenant_id, id),
  foreign key (tenant_id, ticket_id) references tickets (tenant_id, id),
  foreign key (tenant_id, actor_id) references users (tenant_id, id)
);
create index notifications_by_user on notifications (tenant_id, user_id, created_at, id);
create index notifications_unread on notifications (tenant_id, user_id, created_at, id) where read_at is null;
select protect_table('notifications', 'select, insert');
grant update (read_at) on notifications to servicehub_app;
select hide_internal_rows('notifications', 'internal');
