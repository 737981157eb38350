-- What users say of themselves. With the name, since the tutorial's init-db gives numbers anew.
CREATE TABLE profile (
  user_id INTEGER PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
  username TEXT NOT NULL,
  line TEXT NOT NULL
) STRICT;
