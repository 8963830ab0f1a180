-- Files of tickets and comments: the rows. What is in them lies in the blob store under storage_key, tenant/uuid.

-- What an organisation's files may take in all, where it isn't the installation's setting.
alter table tenants add column attachment_quota_mib integer check (attachment_quota_mib >= 0);

create table attachments (
  tenant_id uuid not null references tenants (id),
  id uuid not null default uuidv7(),
  -- Null until the ticket is there that it was uploaded for.
  ticket_id uuid,
  comment_id uuid,
  visibility text not null default 'public' check (visibility in ('public', 'internal')),
  uploader_id uuid not null,
  name text not null check (length(name) between 1 and 200),
  media_type text not null,
  size bigint not null check (size > 0),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  storage_key text not null,
  width integer,
  height integer,
  created_at timestamptz(3) not null default now(),
  deleted_at timestamptz(3),
  primary key (tenant_id, id),
  unique (tenant_id, storage_key),
  foreign key (tenant_id, ticket_id) references tickets (tenant_id, id),
  foreign key (tenant_id, comment_id) references comments (tenant_id, id),
  foreign key (tenant_id, uploader_id) references users (tenant_id, id),
  check (storage_key like tenant_id::text || '/%'),
  check (comment_id is null or ticket_id is not null)
);
create index attachments_by_ticket on attachments (tenant_id, ticket_id, created_at, id);
create index attachments_unbound on attachments (tenant_id, created_at) where ticket_id is null and deleted_at is null;
select protect_table('attachments', 'select, insert, update, delete');
select hide_internal_rows('attachments', $$visibility = 'internal'$$);

-- What an organisation's files take together. The row is locked from here to the commit, so the quota is exact.
create table attachment_usage (
  tenant_id uuid primary key references tenants (id),
  bytes bigint not null check (bytes >= 0)
);
select protect_table('attachment_usage', 'select, insert, update');
