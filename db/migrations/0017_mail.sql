-- What the provider of e-mail calls a message, so that what it tells of one later finds it.
alter table outbox add column provider_id text check (length(provider_id) <= 200);

-- When a link that confirms the address was last sent; an earlier one is good no more.
alter table users add column confirmation_sent_at timestamptz(3);
