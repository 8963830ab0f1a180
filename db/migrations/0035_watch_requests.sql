-- Addresses of colleagues whom a ticket's requester asked to watch it: what the requester sees of them, so that nobody
-- learns from it who has an account. user_id is whoever watches because of it.
create table ticket_watch_requests (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  ticket_id uuid not null,
  email text not null check (length(email) between 3 and 254),
  email_key text not null generated always as (lower(email)) stored,
  user_id uuid,
  added_by uuid not null,
  created_at timestamptz(3) not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, ticket_id, email_key),
  foreign key (tenant_id, ticket_id) references tickets (tenant_id, id),
  foreign key (tenant_id, user_id) references users (tenant_id, id),
  foreign key (tenant_id, added_by) references users (tenant_id, id)
);
select protect_table('ticket_watch_requests', 'select, insert, update, delete');
