-- Lists of tickets that people come back to: a filter by name, a person's own or shared with the help desk.

create table views (
  tenant_id uuid not null references tenants (id),
  id uuid not null default uuidv7(),
  owner_id uuid not null,
  name text not null check (length(name) between 1 and 80),
  name_key text not null generated always as (lower(name)) stored,
  shared boolean not null default false,
  -- The filter as the API takes it, and the order.
  filter jsonb not null,
  sort text not null,
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, owner_id, name_key),
  foreign key (tenant_id, owner_id) references users (tenant_id, id)
);
create index views_shared on views (tenant_id, name_key, id) where shared;
select protect_table('views', 'select, insert, update, delete');
