-- What the provider of e-mail calls a message, so that what it tells of one later finds it.
alter table outbox add column provider_id text check (length(provider_id) <= 200);
