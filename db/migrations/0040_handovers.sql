-- What somebody left behind that isn't handed over yet, for a job of the same id. A row goes when all is handed over, or
-- when they are back.
create table handovers (
  tenant_id uuid not null references tenants (id),
  id uuid not null,
  user_id uuid not null,
  -- The queue that they left; null for all that is theirs.
  queue_id uuid,
  -- Null: tickets go back to their queues.
  hand_to uuid,
  -- Who decided so.
  actor_id uuid not null,
  -- Before they left: a requester who comes back watches what they watched.
  was_staff boolean not null,
  created_at timestamptz(3) not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references users (tenant_id, id),
  foreign key (tenant_id, queue_id) references queues (tenant_id, id),
  foreign key (tenant_id, hand_to) references users (tenant_id, id),
  foreign key (tenant_id, actor_id) references users (tenant_id, id)
);
create index handovers_by_user on handovers (tenant_id, user_id);
create index handovers_by_queue on handovers (tenant_id, queue_id) where queue_id is not null;
select protect_table('handovers', 'select, insert, update, delete');
select hide_internal_rows('handovers', 'true');
