-- What was said can be mended for a while, and what it said before is kept; who is mentioned in it; texts and steps that
-- the desk uses again and again.

alter table comments add column version integer not null default 1;
alter table comments add column edited_at timestamptz(3);
grant update (body, version, edited_at) on comments to servicehub_app;

-- The texts that edits replaced. `version` is that of the comment while it said this, `at` when it was written.
create table comment_versions (
  tenant_id uuid not null,
  comment_id uuid not null,
  version integer not null,
  visibility text not null check (visibility in ('public', 'internal')),
  body text not null,
  at timestamptz(3) not null,
  primary key (tenant_id, comment_id, version),
  foreign key (tenant_id, comment_id) references comments (tenant_id, id)
);
select protect_table('comment_versions', 'select, insert');
select hide_internal_rows('comment_versions', $$visibility = 'internal'$$);

-- Who is called by name in a comment and was told of it. `label` is how the text names them.
create table comment_mentions (
  tenant_id uuid not null,
  comment_id uuid not null,
  user_id uuid not null,
  label text not null check (length(label) between 1 and 120),
  primary key (tenant_id, comment_id, user_id),
  foreign key (tenant_id, comment_id) references comments (tenant_id, id),
  foreign key (tenant_id, user_id) references users (tenant_id, id)
);
create index comment_mentions_by_user on comment_mentions (tenant_id, user_id, comment_id);
select protect_table('comment_mentions', 'select, insert, update, delete');

-- Texts to reply with: an owner's own, or the whole desk's where there is no owner.
create table canned_replies (
  tenant_id uuid not null references tenants (id),
  id uuid not null default uuidv7(),
  owner_id uuid,
  title text not null check (length(title) between 1 and 120),
  title_key text not null generated always as (lower(title)) stored,
  body text not null check (octet_length(body) between 1 and 65536),
  archived_at timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, owner_id) references users (tenant_id, id)
);
create unique index canned_replies_title on canned_replies (tenant_id, owner_id, title_key) nulls not distinct
  where archived_at is null;
create index canned_replies_by_title on canned_replies (tenant_id, title_key, id);
select protect_table('canned_replies', 'select, insert, update');

-- Changes of a ticket and a reply that are made in one step. `actions` is checked by the schema of domain/macros.
create table macros (
  tenant_id uuid not null references tenants (id),
  id uuid not null default uuidv7(),
  name text not null check (length(name) between 1 and 120),
  name_key text not null generated always as (lower(name)) stored,
  description text not null default '' check (length(description) <= 500),
  actions jsonb not null,
  archived_at timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (tenant_id, id)
);
create unique index macros_name on macros (tenant_id, name_key) where archived_at is null;
create index macros_by_name on macros (tenant_id, name_key, id);
select protect_table('macros', 'select, insert, update');
