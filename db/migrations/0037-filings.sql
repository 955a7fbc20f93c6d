-- What an enterprise files by itself: an objection, a defence, a request for a hearing, as it was received, with its papers.
-- The stage's own fact (objection, step) is written by the same command; this says who filed it at what time, and keeps
-- what came with it.
create table filings (
  id bigint generated always as identity primary key,
  discharger_id bigint not null references dischargers,
  kind text not null check (kind in ('objection', 'defence', 'hearing')),
  -- Number of the bill, of the order or of the case it is about.
  subject text not null check (subject <> ''),
  -- What was written, as it was written.
  statement text not null check (statement <> ''),
  filed_by bigint not null references staff,
  -- Whom to answer: the words of who filed.
  filed_as text not null check (filed_as <> ''),
  received_at timestamptz not null,
  command_id text not null unique references commands
);
select declare_facts('filings');
create index filings_by_discharger on filings (discharger_id, id);
create index filings_by_subject on filings (kind, subject);

create table filing_attachments (
  filing_id bigint not null references filings,
  seq smallint not null check (seq > 0),
  name text not null check (name <> ''),
  digest text not null references stored_files,
  primary key (filing_id, seq)
);
select declare_facts('filing_attachments');

-- The receipts of a payer, in order.
create index receipts_by_discharger on receipts (discharger_id, id);

select show_rows('enterprise', 'filings', 'discharger_id = any ((select fenced_dischargers())::bigint[])');
select show_rows('enterprise', 'filing_attachments', 'exists (select from filings f where f.id = filing_id)');
-- Their own papers, and no other file.
select show_rows('enterprise', 'stored_files', 'digest = any (array(select a.digest from filing_attachments a))');
select show_rows('enterprise', 'stored_file_chunks', 'digest = any (array(select a.digest from filing_attachments a))');
