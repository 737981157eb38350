-- What nodes need to get along with each other, made anew after each migration.

-- Whoever changes a row that a page may show, be it by psql, moves the number that every node asks for. What only adds
-- rows leaves pages right that were made before, as far as they go; what changes rows or deletes them does not. It is moved
-- once in a transaction, or twice: each version of the one row stays, and is read over, until the transaction ends. What was
-- done already is in a setting, since that is undone with a savepoint, as the move is.
CREATE OR REPLACE FUNCTION generation_moved() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$ DECLARE
  done TEXT := coalesce(current_setting('flaskr.moved', true), '');
BEGIN
  IF done = 'takes' OR done = tg_argv[0] THEN
    RETURN NULL;
  END IF;
  IF tg_op <> 'TRUNCATE' THEN -- which has no such table
    IF NOT EXISTS (SELECT 1 FROM changed) THEN
      RETURN NULL;
    END IF;
  END IF;
  UPDATE generation SET number = number + 1, taken = CASE tg_argv[0] WHEN 'adds' THEN taken ELSE number + 1 END;
  PERFORM set_config('flaskr.moved', tg_argv[0], true);
  RETURN NULL;
END $$;

DO $$ DECLARE
  name TEXT;
  inserted TEXT;
  updated TEXT;
BEGIN
  FOR name IN SELECT tablename FROM pg_tables
               WHERE schemaname = current_schema() AND tableowner = current_user
                 -- A search is never kept.
                 AND tablename NOT IN ('generation', 'schema_version', 'search_queue', 'search_entry', 'sent_form', 'throttle') LOOP
    inserted := CASE WHEN name IN ('withdrawn_post', 'disabled_user', 'moderation_log') THEN 'takes' ELSE 'adds' END;
    -- No page shows what is in these, but for the number of likes.
    updated := CASE WHEN name IN ('session', 'draft', 'post_like', 'discussion', 'api_token', 'reset_link',
                                  'invite', 'second_factor', 'recovery_code') THEN 'adds' ELSE 'takes' END;
    EXECUTE format('CREATE OR REPLACE TRIGGER generation_insert AFTER INSERT ON %I REFERENCING NEW TABLE AS changed
                    FOR EACH STATEMENT EXECUTE FUNCTION generation_moved(%L)', name, inserted);
    EXECUTE format('CREATE OR REPLACE TRIGGER generation_update AFTER UPDATE ON %I REFERENCING OLD TABLE AS changed
                    FOR EACH STATEMENT EXECUTE FUNCTION generation_moved(%L)', name, updated);
    EXECUTE format('CREATE OR REPLACE TRIGGER generation_delete AFTER DELETE ON %I REFERENCING OLD TABLE AS changed
                    FOR EACH STATEMENT EXECUTE FUNCTION generation_moved(%L)', name, updated);
    EXECUTE format('CREATE OR REPLACE TRIGGER generation_truncate AFTER TRUNCATE ON %I
                    FOR EACH STATEMENT EXECUTE FUNCTION generation_moved(%L)', name, 'takes');
  END LOOP;
END $$;

-- Failures that all nodes count together: until when each key has spent its time, in milliseconds since 1970. What is
-- not on disk is lost with the server, as it is with a daemon that counts by itself.
CREATE UNLOGGED TABLE IF NOT EXISTS throttle (
  key BYTEA PRIMARY KEY,
  spent BIGINT NOT NULL
);

CREATE INDEX IF NOT EXISTS throttle_spent ON throttle (spent);
