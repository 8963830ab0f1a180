-- Work on tickets: links between them, merging two into one and taking that back, and what requesters think of the work.

-- A merged ticket is ended and stays: its number leads to the other one.
alter table tickets
  add column merged_into uuid,
  add column merged_at timestamptz(3),
  add foreign key (tenant_id, merged_into) references tickets (tenant_id, id),
  add check ((merged_into is null) = (merged_at is null)),
  add check (merged_into <> id);
create index tickets_by_merged_into on tickets (tenant_id, merged_into) where merged_into is not null;

-- `source` relates to, duplicates, blocks, is the parent of, or follows up `target`. "Relates" has no direction: the
-- smaller id is its source.
create table ticket_links (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  kind text not null check (kind in ('relates', 'duplicates', 'blocks', 'parent', 'follows')),
  source_id uuid not null,
  target_id uuid not null,
  actor_id uuid,
  created_at timestamptz(3) not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, source_id, target_id, kind),
  foreign key (tenant_id, source_id) references tickets (tenant_id, id),
  foreign key (tenant_id, target_id) references tickets (tenant_id, id),
  foreign key (tenant_id, actor_id) references users (tenant_id, id),
  check (source_id <> target_id),
  check (kind <> 'relates' or source_id < target_id)
);
create index ticket_links_by_target on ticket_links (tenant_id, target_id, kind, source_id);
-- A child has one parent.
create unique index ticket_links_parent on ticket_links (tenant_id, target_id) where kind = 'parent';
select protect_table('ticket_links', 'select, insert, delete');

-- What a merge moved, so that exactly that goes back. `source_was` is the source's state before: status, pendingReason,
-- pendingUntil, closedAt.
create table ticket_merges (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  source_id uuid not null,
  target_id uuid not null,
  actor_id uuid not null,
  source_was jsonb not null,
  comment_ids uuid[] not null,
  attachment_ids uuid[] not null,
  watcher_ids uuid[] not null,
  tags text[] not null,
  created_at timestamptz(3) not null default now(),
  undone_at timestamptz(3),
  undone_by uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, source_id) references tickets (tenant_id, id),
  foreign key (tenant_id, target_id) references tickets (tenant_id, id),
  foreign key (tenant_id, actor_id) references users (tenant_id, id),
  foreign key (tenant_id, undone_by) references users (tenant_id, id)
);
create unique index ticket_merges_of_source on ticket_merges (tenant_id, source_id) where undone_at is null;
create index ticket_merges_into_target on ticket_merges (tenant_id, target_id, created_at) where undone_at is null;
select protect_table('ticket_merges', 'select, insert');
grant update (undone_at, undone_by) on ticket_merges to servicehub_app;
grant update (ticket_id) on comments to servicehub_app;

-- What the requester of a finished ticket thinks of it. Assignee and queue are those of that time, for reports.
create table ticket_ratings (
  tenant_id uuid not null,
  ticket_id uuid not null,
  score smallint not null check (score between 1 and 5),
  comment text not null default '' check (length(comment) <= 2000),
  requester_id uuid not null,
  assignee_id uuid,
  queue_id uuid,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (tenant_id, ticket_id),
  foreign key (tenant_id, ticket_id) references tickets (tenant_id, id),
  foreign key (tenant_id, requester_id) references users (tenant_id, id),
  foreign key (tenant_id, assignee_id) references users (tenant_id, id),
  foreign key (tenant_id, queue_id) references queues (tenant_id, id)
);
create index ticket_ratings_by_time on ticket_ratings (tenant_id, created_at, score);
create index ticket_ratings_by_assignee on ticket_ratings (tenant_id, assignee_id, created_at, score);
create index ticket_ratings_by_queue on ticket_ratings (tenant_id, queue_id, created_at, score);
select protect_table('ticket_ratings', 'select, insert, update');
