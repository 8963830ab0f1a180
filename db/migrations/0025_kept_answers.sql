-- Whose answer it was: somebody who has another role by now may read less of it.
alter table idempotency_keys add column role text;
