-- Tokens of the API. The token is its user's only; `password_digest` ends it when the password changes, as with sessions.
CREATE TABLE api_token (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  token_digest BLOB NOT NULL UNIQUE,
  user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  password_digest BLOB NOT NULL,
  name TEXT NOT NULL,
  scope TEXT NOT NULL,
  created INTEGER NOT NULL, -- seconds since 1970
  expires INTEGER, -- the same; NULL for never
  used INTEGER -- the same, of the beginning of the day; NULL for never
) STRICT;

CREATE INDEX api_token_user_id ON api_token (user_id, id);

-- The number of what came of a form, for whoever sends it again and wants to know.
ALTER TABLE sent_form ADD COLUMN made INTEGER;
