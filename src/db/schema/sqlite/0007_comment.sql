-- What readers add to a post: a row for each post that was ever liked or commented on. `created` is the post's, as in
-- 0005_tag.sql; there is no reference to `post`, since a post that is withdrawn may come back.
CREATE TABLE discussion (
  id INTEGER PRIMARY KEY,
  post_id INTEGER NOT NULL,
  created ANY NOT NULL,
  likes INTEGER NOT NULL DEFAULT 0 -- rows of post_like, so that nobody has to count
) STRICT;

CREATE UNIQUE INDEX discussion_post ON discussion (post_id, created);

CREATE TABLE post_like (
  discussion_id INTEGER NOT NULL REFERENCES discussion (id) ON DELETE CASCADE,
  user_id INTEGER NOT NULL,
  PRIMARY KEY (discussion_id, user_id)
) STRICT, WITHOUT ROWID;

-- A comment stays when its author goes. A number is never given twice: it is in links.
CREATE TABLE comment (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  discussion_id INTEGER NOT NULL REFERENCES discussion (id) ON DELETE CASCADE,
  author_id INTEGER NOT NULL,
  created INTEGER NOT NULL, -- seconds since 1970
  updated INTEGER, -- the same; NULL if it never was
  body TEXT NOT NULL,
  waits_for INTEGER -- the post's author, until the comment is approved; NULL if everybody sees it
) STRICT;

-- The order of a thread, of a feed, of what waits for an author, of what waits at all, and of what one user wrote.
CREATE INDEX comment_discussion_id ON comment (discussion_id, waits_for, id);
CREATE INDEX comment_waits_for ON comment (waits_for, id);
CREATE INDEX comment_waiting ON comment (id) WHERE waits_for IS NOT NULL;
CREATE INDEX comment_author_id ON comment (author_id, id);

-- Who may decide on what others wrote. With the name, since the tutorial's init-db gives numbers anew.
CREATE TABLE moderator (
  user_id INTEGER PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
  username TEXT NOT NULL,
  since INTEGER NOT NULL -- seconds since 1970
) STRICT;

-- What moderators did, in words that stay when what it was about is gone.
CREATE TABLE moderation_log (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  time INTEGER NOT NULL, -- seconds since 1970
  moderator_id INTEGER NOT NULL,
  moderator TEXT NOT NULL, -- the name then
  act TEXT NOT NULL,
  post_id INTEGER NOT NULL,
  comment_id INTEGER, -- NULL if it was the post itself
  author TEXT NOT NULL, -- the name then of who had written it
  excerpt TEXT NOT NULL, -- the beginning of what they wrote
  reason TEXT NOT NULL
) STRICT;
