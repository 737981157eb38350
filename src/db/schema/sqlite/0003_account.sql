-- Where and when a session was last used, for its owner to see.
ALTER TABLE session ADD COLUMN seen INTEGER NOT NULL DEFAULT 0; -- seconds since 1970
ALTER TABLE session ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN agent TEXT NOT NULL DEFAULT '';
UPDATE session SET seen = created;
CREATE INDEX session_seen ON session (seen);

-- Those who may not log in. A table of its own, since the tutorial's init-db makes the table user anew.
CREATE TABLE disabled_user (
  user_id INTEGER PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
  since INTEGER NOT NULL -- seconds since 1970
) STRICT;

-- Links that were handed out: to register, and to set a new password. The code is in the link only.
CREATE TABLE invite (
  code_digest BLOB PRIMARY KEY,
  created INTEGER NOT NULL -- seconds since 1970
) STRICT, WITHOUT ROWID;

CREATE TABLE reset_link (
  code_digest BLOB PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  password_digest BLOB NOT NULL, -- the link is void once the password is another
  created INTEGER NOT NULL -- seconds since 1970
) STRICT, WITHOUT ROWID;

CREATE INDEX reset_link_user_id ON reset_link (user_id);

-- The second factor: the secret of an authenticator app, and codes for when it is lost.
CREATE TABLE second_factor (
  user_id INTEGER PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
  secret BLOB NOT NULL,
  last_step INTEGER NOT NULL, -- of 30 seconds since 1970: no code counts twice
  created INTEGER NOT NULL -- seconds since 1970
) STRICT;

CREATE TABLE recovery_code (
  code_digest BLOB PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES second_factor (user_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX recovery_code_user_id ON recovery_code (user_id);
