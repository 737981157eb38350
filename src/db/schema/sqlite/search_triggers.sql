-- Whoever writes a post, be it the tutorial's Flaskr, puts its number in the queue. Plain SQL, for any SQLite. `DO NOTHING`
-- and not `OR IGNORE`, which the statement that fires the trigger would overrule.
CREATE TRIGGER IF NOT EXISTS search_inserted AFTER INSERT ON post BEGIN
  INSERT INTO search_queue (post_id) VALUES (new.id) ON CONFLICT (post_id) DO NOTHING;
END;

CREATE TRIGGER IF NOT EXISTS search_updated AFTER UPDATE OF id, title, body ON post BEGIN
  INSERT INTO search_queue (post_id) VALUES (old.id) ON CONFLICT (post_id) DO NOTHING;
  INSERT INTO search_queue (post_id) VALUES (new.id) ON CONFLICT (post_id) DO NOTHING;
END;

CREATE TRIGGER IF NOT EXISTS search_deleted AFTER DELETE ON post BEGIN
  INSERT INTO search_queue (post_id) VALUES (old.id) ON CONFLICT (post_id) DO NOTHING;
END;

-- Nobody knows what was written without them.
INSERT INTO search_title (search_title) VALUES ('delete-all');
INSERT INTO search_text (search_text) VALUES ('delete-all');
INSERT INTO search_queue (post_id) SELECT id FROM post WHERE true ON CONFLICT (post_id) DO NOTHING;

-- Nor which pictures the posts of before named: the queue tells which those of now do.
DELETE FROM image_use WHERE holder = 'post';
