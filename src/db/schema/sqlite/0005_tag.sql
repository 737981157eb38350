-- Tags: `folded` is what two ways to write one have in common, `name` how it was first written.
CREATE TABLE tag (
  id INTEGER PRIMARY KEY,
  folded TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL
) STRICT;

-- With the post's time, so that a tag's page reads what it shows and nothing else. It also tells a post from a later one
-- of the same number, which the tutorial's init-db makes.
CREATE TABLE post_tag (
  tag_id INTEGER NOT NULL REFERENCES tag (id),
  created ANY NOT NULL,
  post_id INTEGER NOT NULL REFERENCES post (id) ON DELETE CASCADE,
  PRIMARY KEY (tag_id, created, post_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX post_tag_post_id ON post_tag (post_id);

-- When a post was last changed.
CREATE TABLE post_update (
  post_id INTEGER PRIMARY KEY REFERENCES post (id) ON DELETE CASCADE,
  created ANY NOT NULL, -- the post's, as above
  updated TEXT NOT NULL -- UTC, like the post's `created`
) STRICT;

-- The order of an author's page.
CREATE INDEX post_author_id ON post (author_id, created DESC, id DESC);
