-- Who gets a ticket that enters a queue with nobody on it.

alter table queues add column assignment_rule text not null default 'manual'
  check (assignment_rule in ('manual', 'round_robin', 'least_loaded'));

-- Whether tickets may be given to a member by the rule, and when it was their turn last, as a number that counts up
-- in each queue.
alter table queue_members add column accepts boolean not null default true;
alter table queue_members add column turn bigint not null default 0;
grant update on queue_members to servicehub_app;
