-- Workspaces with their drafts. Names are unique among those that have one.
CREATE TABLE workspace (
  id         TEXT    PRIMARY KEY,
  name       TEXT    NOT NULL,
  draft      TEXT    NOT NULL CHECK (json_valid(draft)),
  -- Goes up whenever the draft is written: two windows notice each other by it.
  version    INTEGER NOT NULL CHECK (version >= 1),
  made_at    TEXT    NOT NULL,
  changed_at TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX workspace_by_name ON workspace (name) WHERE name <> '';

-- Numbered, immutable states.
CREATE TABLE revision (
  seq         INTEGER PRIMARY KEY,
  workspace   TEXT    NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  number      INTEGER NOT NULL CHECK (number >= 1),
  at          TEXT    NOT NULL,
  author      TEXT    NOT NULL,
  reason      TEXT,
  origin      TEXT    NOT NULL CHECK (json_valid(origin)),
  set_up      TEXT    NOT NULL CHECK (json_valid(set_up)),
  -- Names the client secret in the keychain; never the secret.
  secret_mark TEXT,
  fingerprint TEXT    CHECK (json_valid(fingerprint)),
  evidence    TEXT    NOT NULL CHECK (json_valid(evidence)),
  UNIQUE (workspace, number)
) STRICT;
CREATE TRIGGER a_revision_never_changes BEFORE UPDATE ON revision
BEGIN SELECT RAISE(ABORT, 'a revision never changes'); END;

-- Verified claims: personal data, gone when it is forgotten.
CREATE TABLE evidence (
  seq       INTEGER PRIMARY KEY,
  workspace TEXT    NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id        TEXT    NOT NULL,
  body      TEXT    NOT NULL CHECK (json_valid(body)),
  UNIQUE (workspace, id)
) STRICT;
CREATE TRIGGER evidence_never_changes BEFORE UPDATE ON evidence
BEGIN SELECT RAISE(ABORT, 'evidence never changes'); END;

-- What happened when. Holds nothing about a person, so it stays when a workspace is deleted.
CREATE TABLE journal (
  seq       INTEGER PRIMARY KEY AUTOINCREMENT,
  at        TEXT    NOT NULL,
  workspace TEXT    NOT NULL,
  what      TEXT    NOT NULL,
  revision  INTEGER
) STRICT;
CREATE INDEX journal_of_workspace ON journal (workspace);
CREATE TRIGGER the_journal_never_changes BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal never changes'); END;
CREATE TRIGGER the_journal_loses_nothing BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal loses nothing'); END;

-- The workspace that was open last, if one was.
CREATE TABLE opened_last (
  only_row  INTEGER PRIMARY KEY CHECK (only_row = 1),
  workspace TEXT    NOT NULL REFERENCES workspace (id) ON DELETE CASCADE
) STRICT;
