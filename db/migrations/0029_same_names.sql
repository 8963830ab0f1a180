-- Names that look the same are the same: in any case, width and spacing (RFC 8266, 2.4).

alter table users add column same_name text not null
  generated always as (lower(regexp_replace(normalize(name, NFKC), '\s+', ' ', 'g'))) stored;
create index users_by_same_name on users (tenant_id, same_name);
