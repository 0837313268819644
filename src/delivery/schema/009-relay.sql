-- Whether the last worker that held the chunk found no mail server to hand it to: without it, status could not say why mails wait.
alter table delivery.chunk add column relay_down boolean not null default false;
