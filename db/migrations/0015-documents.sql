-- Official documents: the office's own templates, approved by a second person, and what was made with them.

-- A version is a fact once approved; the next one ends it. Version 0 is the text the program ships and has no row.
create table document_templates (
  id bigint generated always as identity primary key,
  kind text not null check (kind ~ '^[a-z]+\.[a-z-]+$'),
  version integer not null check (version > 0),
  template text not null check (template <> ''),
  template_digest text not null check (template_digest ~ '^[0-9a-f]{64}$'),
  ground text not null check (ground <> ''),
  valid_from date not null,
  valid_until date check (valid_until >= valid_from),
  proposal_id bigint not null unique references proposals,
  command_id text not null references commands,
  unique (kind, version),
  exclude using gist (kind with =, daterange(valid_from, valid_until) with &&)
);
select declare_validity('document_templates');

-- A document that was issued: its values, the template that said them, and the bytes that were signed or served.
create table issued_documents (
  id bigint generated always as identity primary key,
  kind text not null,
  number text not null check (number <> ''),
  -- what it is about, as its stage calls it: an account, a case, a sample
  subject text not null check (subject <> ''),
  dated_on date not null,
  template_version integer not null check (template_version >= 0),
  template_digest text not null check (template_digest ~ '^[0-9a-f]{64}$'),
  field_values jsonb not null,
  file_digest text not null references stored_files,
  command_id text not null references commands,
  recorded_at timestamptz not null,
  unique (kind, number)
);
select declare_facts('issued_documents');
create index issued_documents_by_subject on issued_documents (kind, subject);
create index issued_documents_newest on issued_documents (dated_on desc, id desc);
