-- 'saved': no transport was set up, and the email became a file that reached nobody.
alter table outbox drop constraint outbox_delivery_check;
alter table outbox add constraint outbox_delivery_check
  check (delivery in ('saved', 'sent', 'delayed', 'delivered', 'failed', 'bounced', 'complained'));
