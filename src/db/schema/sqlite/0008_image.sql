-- Pictures: each once, named by what the bytes of its largest size hash to.
CREATE TABLE image (
  id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  format TEXT NOT NULL, -- jpg, png or gif
  bytes INTEGER NOT NULL, -- of all sizes
  user_id INTEGER NOT NULL, -- who sent it first; no reference: it stays where it is used
  unused_since INTEGER -- seconds since 1970; 0: for less than a sweep; NULL: it is used
) STRICT;

-- What a sweep looks at, and what of a user's nobody uses.
CREATE INDEX image_unused_since ON image (unused_since) WHERE unused_since IS NOT NULL;
CREATE INDEX image_unused_of ON image (user_id, bytes) WHERE unused_since IS NOT NULL;

CREATE TABLE image_size (
  image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (image_id, width)
) STRICT, WITHOUT ROWID;

-- Its bytes, in parts: whoever takes one slowly holds no more than a part.
CREATE TABLE image_part (
  image_id INTEGER NOT NULL,
  width INTEGER NOT NULL,
  number INTEGER NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (image_id, width, number),
  FOREIGN KEY (image_id, width) REFERENCES image_size (image_id, width) ON DELETE CASCADE
) STRICT;

-- Which texts name it. Those of posts are noted when they are indexed, whatever program wrote them. No reference to the
-- post, which may be withdrawn and come back.
CREATE TABLE image_use (
  holder TEXT NOT NULL, -- post, draft, withdrawn
  holder_id INTEGER NOT NULL,
  image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
  PRIMARY KEY (holder, holder_id, image_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX image_use_image_id ON image_use (image_id);

-- Whatever deletes a draft or a withdrawn post, be it their author's end, lets go of its images.
CREATE TRIGGER image_draft_deleted AFTER DELETE ON draft BEGIN
  DELETE FROM image_use WHERE holder = 'draft' AND holder_id = old.id;
END;

CREATE TRIGGER image_withdrawn_deleted AFTER DELETE ON withdrawn_post BEGIN
  DELETE FROM image_use WHERE holder = 'withdrawn' AND holder_id = old.post_id;
END;

CREATE TRIGGER image_use_deleted AFTER DELETE ON image_use BEGIN
  UPDATE image SET unused_since = 0
   WHERE id = old.image_id AND unused_since IS NULL
     AND NOT EXISTS (SELECT 1 FROM image_use u WHERE u.image_id = old.image_id);
END;
