-- A message that is cleaned up is looked for among the suppressed addresses: by an index, not by reading them all.

create index suppressed_addresses_by_message on suppressed_addresses (tenant_id, outbox_id)
  where outbox_id is not null;
