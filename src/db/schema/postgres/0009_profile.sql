-- What users say of themselves. With the name, since the tutorial's init-db gives numbers anew.
CREATE TABLE profile (
  user_id BIGINT PRIMARY KEY REFERENCES "user" (id) ON DELETE CASCADE,
  username TEXT COLLATE "C" NOT NULL,
  line TEXT COLLATE "C" NOT NULL
);
