-- How users want pages to be. With the name, as in 0009_profile.sql.
CREATE TABLE preference (
  user_id BIGINT PRIMARY KEY REFERENCES "user" (id) ON DELETE CASCADE,
  username TEXT COLLATE "C" NOT NULL,
  language TEXT COLLATE "C" NOT NULL,
  theme TEXT COLLATE "C" NOT NULL
);
