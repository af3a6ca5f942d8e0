-- A seal over the other columns of its row: what is read out of a damaged database is known to be
-- whole by it. It is set once, in the transaction that writes the row.
ALTER TABLE workspace      ADD COLUMN seal TEXT;
ALTER TABLE revision       ADD COLUMN seal TEXT;
ALTER TABLE evidence       ADD COLUMN seal TEXT;
ALTER TABLE evidence_name  ADD COLUMN seal TEXT;
ALTER TABLE journal        ADD COLUMN seal TEXT;
ALTER TABLE journal_reason ADD COLUMN seal TEXT;

-- Empty but for a moment: finds what is still to be sealed.
CREATE INDEX unsealed_workspace      ON workspace      (seal) WHERE seal IS NULL;
CREATE INDEX unsealed_revision       ON revision       (seal) WHERE seal IS NULL;
CREATE INDEX unsealed_evidence       ON evidence       (seal) WHERE seal IS NULL;
CREATE INDEX unsealed_evidence_name  ON evidence_name  (seal) WHERE seal IS NULL;
CREATE INDEX unsealed_journal        ON journal        (seal) WHERE seal IS NULL;
CREATE INDEX unsealed_journal_reason ON journal_reason (seal) WHERE seal IS NULL;

DROP TRIGGER a_revision_never_changes;
CREATE TRIGGER a_revision_never_changes BEFORE UPDATE ON revision WHEN OLD.seal IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a revision never changes'); END;
DROP TRIGGER evidence_never_changes;
CREATE TRIGGER evidence_never_changes BEFORE UPDATE ON evidence WHEN OLD.seal IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'evidence never changes'); END;
DROP TRIGGER the_journal_never_changes;
CREATE TRIGGER the_journal_never_changes BEFORE UPDATE ON journal WHEN OLD.seal IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'the journal never changes'); END;
DROP TRIGGER a_written_reason_never_changes;
CREATE TRIGGER a_written_reason_never_changes BEFORE UPDATE ON journal_reason WHEN OLD.seal IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a written reason never changes'); END;

-- What came out of a damaged database, until the person has read it.
CREATE TABLE salvage (
  seq    INTEGER PRIMARY KEY,
  report TEXT    NOT NULL CHECK (json_valid(report))
) STRICT;
