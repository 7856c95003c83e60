-- What every zone has. Every key begins with zone.
-- {blob} and {clustered} are filled in per database; nothing else differs.
CREATE TABLE zone (zone TEXT NOT NULL PRIMARY KEY, label TEXT NOT NULL, synthetic BIGINT NOT NULL, today TEXT, kind TEXT NOT NULL);
CREATE TABLE counter (zone TEXT NOT NULL, name TEXT NOT NULL, next BIGINT NOT NULL, PRIMARY KEY (zone, name)){clustered};
CREATE TABLE subject (zone TEXT NOT NULL, subject BIGINT NOT NULL, kind TEXT NOT NULL, ref TEXT NOT NULL, label TEXT NOT NULL, class TEXT, PRIMARY KEY (zone, subject)){clustered};
CREATE UNIQUE INDEX subject_ref ON subject (zone, kind, ref);
CREATE TABLE metric_no (zone TEXT NOT NULL, metric BIGINT NOT NULL, key TEXT NOT NULL, scale BIGINT NOT NULL, unit TEXT NOT NULL, PRIMARY KEY (zone, metric)){clustered};
CREATE UNIQUE INDEX metric_no_key ON metric_no (zone, key);
CREATE TABLE fact (zone TEXT NOT NULL, metric BIGINT NOT NULL, scenario BIGINT NOT NULL, source BIGINT NOT NULL, measure BIGINT NOT NULL, period BIGINT NOT NULL, subject BIGINT NOT NULL, value BIGINT, value_to BIGINT, text TEXT, bound BIGINT NOT NULL, status BIGINT NOT NULL, batch BIGINT NOT NULL, cell BIGINT NOT NULL, seq BIGINT NOT NULL, PRIMARY KEY (zone, metric, scenario, source, measure, period, subject)){clustered};
CREATE INDEX fact_seq ON fact (zone, seq);
CREATE INDEX fact_subject ON fact (zone, subject);
CREATE INDEX fact_batch ON fact (zone, batch);
CREATE TABLE fact_was (zone TEXT NOT NULL, metric BIGINT NOT NULL, scenario BIGINT NOT NULL, source BIGINT NOT NULL, measure BIGINT NOT NULL, period BIGINT NOT NULL, subject BIGINT NOT NULL, seq BIGINT NOT NULL, value BIGINT, value_to BIGINT, text TEXT, bound BIGINT NOT NULL, status BIGINT NOT NULL, batch BIGINT NOT NULL, cell BIGINT NOT NULL, seq_until BIGINT NOT NULL, PRIMARY KEY (zone, metric, scenario, source, measure, period, subject, seq)){clustered};
CREATE INDEX fact_was_until ON fact_was (zone, seq_until);
CREATE INDEX fact_was_seq ON fact_was (zone, seq);
CREATE TABLE change (zone TEXT NOT NULL, seq BIGINT NOT NULL, n BIGINT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL, batch BIGINT NOT NULL, ledger TEXT NOT NULL, record BIGINT NOT NULL, version BIGINT NOT NULL, before TEXT, after TEXT, digest {blob} NOT NULL, PRIMARY KEY (zone, seq, n)){clustered};
CREATE INDEX change_record ON change (zone, ledger, record, seq);
CREATE INDEX change_batch ON change (zone, batch);
CREATE TABLE link (zone TEXT NOT NULL, seq BIGINT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL, batch BIGINT NOT NULL, changes BIGINT NOT NULL, facts BIGINT NOT NULL, root {blob} NOT NULL, previous {blob} NOT NULL, hash {blob} NOT NULL, algorithm TEXT NOT NULL, PRIMARY KEY (zone, seq)){clustered};
CREATE TABLE salt (zone TEXT NOT NULL, ledger TEXT NOT NULL, record BIGINT NOT NULL, salt {blob} NOT NULL, PRIMARY KEY (zone, ledger, record)){clustered};
CREATE TABLE file (zone TEXT NOT NULL, sha256 TEXT NOT NULL, name TEXT NOT NULL, size BIGINT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL, PRIMARY KEY (zone, sha256)){clustered};
CREATE TABLE file_chunk (zone TEXT NOT NULL, sha256 TEXT NOT NULL, n BIGINT NOT NULL, bytes {blob} NOT NULL, PRIMARY KEY (zone, sha256, n));
CREATE TABLE batch (zone TEXT NOT NULL, batch BIGINT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL, kind TEXT NOT NULL, target TEXT NOT NULL, period BIGINT, sha256 TEXT, file TEXT, source TEXT NOT NULL, sheets TEXT NOT NULL, columns TEXT NOT NULL, counts TEXT NOT NULL, findings TEXT NOT NULL, undo_of BIGINT, undone_by BIGINT, PRIMARY KEY (zone, batch)){clustered};
CREATE TABLE published (zone TEXT NOT NULL, report TEXT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, period BIGINT NOT NULL, seq BIGINT NOT NULL, anchor TEXT NOT NULL, frozen TEXT NOT NULL, PRIMARY KEY (zone, report)){clustered};
CREATE TABLE account (zone TEXT NOT NULL, name TEXT NOT NULL, label TEXT NOT NULL, hash TEXT NOT NULL, role TEXT NOT NULL, office TEXT NOT NULL, home TEXT NOT NULL, enterprise BIGINT, one_time BIGINT NOT NULL, failures BIGINT NOT NULL, locked_until TEXT, created TEXT NOT NULL, PRIMARY KEY (zone, name)){clustered};
CREATE TABLE session (zone TEXT NOT NULL, token TEXT NOT NULL, account TEXT NOT NULL, csrf TEXT NOT NULL, created TEXT NOT NULL, expires TEXT NOT NULL, PRIMARY KEY (zone, token)){clustered};
CREATE TABLE own_field (zone TEXT NOT NULL, ledger TEXT NOT NULL, key TEXT NOT NULL, spec TEXT NOT NULL, PRIMARY KEY (zone, ledger, key)){clustered};
