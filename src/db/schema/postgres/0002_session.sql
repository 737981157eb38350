-- Logins. The token is in the browser only; `password_digest` ends them when the password changes.
CREATE TABLE session (
  token_digest BYTEA PRIMARY KEY,
  user_id BIGINT NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
  password_digest BYTEA NOT NULL,
  created BIGINT NOT NULL -- seconds since 1970
);

CREATE INDEX session_user_id ON session (user_id);
CREATE INDEX session_created ON session (created);

-- Forms that were accepted: one that is sent again after its answer was lost is not done again.
CREATE TABLE sent_form (
  user_id BIGINT NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
  digest BYTEA NOT NULL, -- of the form's nonce and everything in it
  created BIGINT NOT NULL, -- seconds since 1970
  PRIMARY KEY (user_id, digest)
);

CREATE INDEX sent_form_created ON sent_form (created);

-- The order of the front page.
CREATE INDEX post_created ON post (created DESC, id DESC);
