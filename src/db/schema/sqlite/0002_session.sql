-- Logins. The token is in the browser only; `password_digest` ends them when the password changes.
CREATE TABLE session (
  token_digest BLOB PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  password_digest BLOB NOT NULL,
  created INTEGER NOT NULL -- seconds since 1970
) STRICT, WITHOUT ROWID;

CREATE INDEX session_user_id ON session (user_id);
CREATE INDEX session_created ON session (created);

-- Forms that were accepted: one that is sent again after its answer was lost is not done again.
CREATE TABLE sent_form (
  user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  digest BLOB NOT NULL, -- of the form's nonce and everything in it
  created INTEGER NOT NULL, -- seconds since 1970
  PRIMARY KEY (user_id, digest)
) STRICT, WITHOUT ROWID;

CREATE INDEX sent_form_created ON sent_form (created);

-- The order of the front page.
CREATE INDEX post_created ON post (created DESC, id DESC);
