-- Posts whose entry in the index is out of date.
CREATE TABLE search_queue (
  post_id BIGINT PRIMARY KEY
);

-- The index: of titles, and of titles and texts together. Only tokens come in (src/search/).
CREATE TABLE search_entry (
  post_id BIGINT PRIMARY KEY,
  title TSVECTOR NOT NULL,
  text TSVECTOR NOT NULL
);

CREATE INDEX search_entry_title ON search_entry USING gin (title);
CREATE INDEX search_entry_text ON search_entry USING gin (text);

-- Whoever writes a post puts its number in the queue.
CREATE FUNCTION search_changed() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$ BEGIN
  IF tg_op <> 'INSERT' THEN
    INSERT INTO search_queue (post_id) VALUES (old.id) ON CONFLICT (post_id) DO NOTHING;
  END IF;
  IF tg_op <> 'DELETE' THEN
    INSERT INTO search_queue (post_id) VALUES (new.id) ON CONFLICT (post_id) DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER search_changed AFTER INSERT OR DELETE OR UPDATE OF id, title, body ON post
  FOR EACH ROW EXECUTE FUNCTION search_changed();
