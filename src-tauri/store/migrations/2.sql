-- What a tested person is called here. Gone with the evidence.
CREATE TABLE evidence_name (
  workspace TEXT NOT NULL,
  evidence  TEXT NOT NULL,
  name      TEXT NOT NULL,
  PRIMARY KEY (workspace, evidence),
  FOREIGN KEY (workspace, evidence) REFERENCES evidence (workspace, id) ON DELETE CASCADE
) STRICT;

-- The written reasons behind lines of the journal. They may speak of people: gone with the workspace.
CREATE TABLE journal_reason (
  line      INTEGER PRIMARY KEY REFERENCES journal (seq),
  workspace TEXT    NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  reason    TEXT    NOT NULL
) STRICT;
CREATE TRIGGER a_written_reason_never_changes BEFORE UPDATE ON journal_reason
BEGIN SELECT RAISE(ABORT, 'a written reason never changes'); END;
