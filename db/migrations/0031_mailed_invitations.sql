-- Whether an invitation's link went by mail alone: accepting one that was shown on screen proves no address.
alter table invitations add column mailed boolean not null default false;
