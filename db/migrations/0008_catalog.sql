-- What people can ask for: items with a form, the requests that were made of them, and categories in an order of one's own.

create table catalog_items (
  tenant_id uuid not null references tenants (id),
  id uuid not null default uuidv7(),
  name text not null check (length(name) between 1 and 120),
  name_key text not null generated always as (lower(name)) stored,
  description text not null default '' check (octet_length(description) <= 8192),
  icon text not null default 'ticket',
  section text not null default '' check (length(section) <= 80),
  category_id uuid,
  queue_id uuid,
  -- The form: a list of fields, as domain/catalog/fields.ts has them.
  fields jsonb not null default '[]',
  position integer not null default 0,
  archived_at timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, name_key),
  foreign key (tenant_id, category_id) references categories (tenant_id, id),
  foreign key (tenant_id, queue_id) references queues (tenant_id, id)
);
create index catalog_items_in_order on catalog_items (tenant_id, position, id);
select protect_table('catalog_items', 'select, insert, update');

-- What was asked for. The form is kept with the answers: items change, what was asked doesn't.
create table catalog_requests (
  tenant_id uuid not null,
  ticket_id uuid not null,
  item_id uuid not null,
  item_version integer not null,
  item_name text not null,
  fields jsonb not null,
  answers jsonb not null,
  created_at timestamptz(3) not null default now(),
  primary key (tenant_id, ticket_id),
  foreign key (tenant_id, ticket_id) references tickets (tenant_id, id),
  foreign key (tenant_id, item_id) references catalog_items (tenant_id, id)
);
create index catalog_requests_by_item on catalog_requests (tenant_id, item_id, created_at);
select protect_table('catalog_requests', 'select, insert');

alter table categories add column position integer not null default 0;
