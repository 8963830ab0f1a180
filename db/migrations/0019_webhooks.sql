-- Webhooks: where an organisation wants to be told of what happens, and what came of each attempt. The messages
-- themselves are rows of the outbox, made in the transaction of the change.

create table webhook_endpoints (
  tenant_id uuid not null references tenants (id),
  id uuid not null default uuidv7(),
  url text not null check (length(url) between 1 and 2000),
  description text not null default '' check (length(description) <= 200),
  -- Null for all that are offered, those of later versions too.
  topics text[] check (cardinality(topics) between 1 and 100),
  include_internal boolean not null default false,
  -- The secret is derived of it, and kept nowhere; until then the one before signs as well.
  generation integer not null default 1,
  overlap_until timestamptz(3),
  -- Why it gets nothing: an admin stopped it, it answered 410, or nothing arrived for too long.
  disabled_at timestamptz(3),
  disabled_because text check (disabled_because in ('admin', 'gone', 'failing')),
  -- Since the last message that arrived: when the first attempt failed, and how many messages were given up.
  failing_since timestamptz(3),
  given_up integer not null default 0,
  deleted_at timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (tenant_id, id),
  check ((disabled_at is null) = (disabled_because is null))
);
create index webhook_endpoints_in_use on webhook_endpoints (tenant_id, id) where deleted_at is null;
select protect_table('webhook_endpoints', 'select, insert, update');

-- Whom a message of kind webhook is for, and its bytes: made when it is first attempted, and sent ever after.
alter table outbox add column endpoint_id uuid;
alter table outbox add column body text;
alter table outbox add constraint outbox_endpoint
  foreign key (tenant_id, endpoint_id) references webhook_endpoints (tenant_id, id);
alter table outbox add constraint outbox_webhook check ((kind = 'webhook') = (endpoint_id is not null));
create index outbox_by_endpoint on outbox (tenant_id, endpoint_id, id) where endpoint_id is not null;

-- What was not sent is seldom, and listed by itself.
create index jobs_skipped on jobs (tenant_id, id) where state = 'done' and last_error is not null;

create table webhook_attempts (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  message_id uuid not null,
  at timestamptz(3) not null default now(),
  url text not null,
  -- Null where no answer came; then `error` says why.
  status integer,
  error text,
  -- The first KiB of what was answered.
  answer text,
  duration_ms integer not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, message_id) references outbox (tenant_id, id) on delete cascade
);
create index webhook_attempts_by_message on webhook_attempts (tenant_id, message_id, id);
select protect_table('webhook_attempts', 'select, insert');
