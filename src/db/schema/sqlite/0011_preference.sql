-- How users want pages to be. With the name, as in 0009_profile.sql.
CREATE TABLE preference (
  user_id INTEGER PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
  username TEXT NOT NULL,
  language TEXT NOT NULL,
  theme TEXT NOT NULL
) STRICT;
