-- Whatever a pending ticket waits for, it may wake at a time.
alter table tickets drop constraint tickets_check1,
  add check (pending_until is null or status = 'pending'),
  add check (pending_reason is distinct from 'scheduled' or pending_until is not null);
