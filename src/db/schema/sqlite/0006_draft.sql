-- Posts whose text is Markdown. The others' is plain, as all of the tutorial's Flaskr's is.
CREATE TABLE markdown_post (
  post_id INTEGER PRIMARY KEY REFERENCES post (id) ON DELETE CASCADE,
  created ANY NOT NULL -- the post's: see post_tag
) STRICT;

-- What only its author sees. Not in the table of posts, so that no list, feed or search can show it, nor the tutorial's
-- Flaskr. The name is there for the tutorial's init-db, after which another user may have the number.
CREATE TABLE draft (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  author_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  username TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  tags TEXT NOT NULL, -- as they are typed
  format TEXT NOT NULL,
  updated TEXT NOT NULL -- UTC, like a post's `created`
) STRICT;

CREATE INDEX draft_author_id ON draft (author_id, id DESC);

-- Posts that were deleted by their author, or unpublished by a moderator, and may come back as they were.
CREATE TABLE withdrawn_post (
  post_id INTEGER PRIMARY KEY,
  author_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  username TEXT NOT NULL, -- as above
  created ANY NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  tags TEXT NOT NULL,
  format TEXT NOT NULL,
  updated TEXT NOT NULL, -- empty if it never was
  moderator_id INTEGER, -- who unpublished it; NULL if its author deleted it
  withdrawn INTEGER NOT NULL -- seconds since 1970
) STRICT;

CREATE INDEX withdrawn_post_author_id ON withdrawn_post (author_id, post_id DESC);
CREATE INDEX withdrawn_post_withdrawn ON withdrawn_post (withdrawn);
